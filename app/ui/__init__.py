"""What all pages share: settings in the address, groups of controls, links, downloads."""
