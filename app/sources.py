"""What the neurons page and the lessons rest on: papers and books, by a short name. Each figure and claim in them names
its source here."""

from typing import NamedTuple


class Source(NamedTuple):
    """A publication: how a text refers to it, what it is, and where it is found (empty where there is no DOI)."""

    short: str
    full: str
    link: str = ""


def _doi(name: str) -> str:
    return f"https://doi.org/{name}"


SOURCES = {
    "adebayo": Source(
        "Adebayo et al. 2018", "Sanity checks for saliency maps. NeurIPS 31", "https://arxiv.org/abs/1810.03292"
    ),
    "adrian": Source(
        "Adrian & Zotterman 1926",
        "The impulses produced by sensory nerve-endings, part II. Journal of Physiology 61, 151–171",
        _doi("10.1113/jphysiol.1926.sp002281"),
    ),
    "alayrac": Source(
        "Alayrac et al. 2022",
        "Flamingo: a visual language model for few-shot learning. NeurIPS 35",
        "https://arxiv.org/abs/2204.14198",
    ),
    "allen": Source(
        "Allen & Stevens 1994",
        "An evaluation of causes for unreliability of synaptic transmission. PNAS 91, 10380–10383",
        _doi("10.1073/pnas.91.22.10380"),
    ),
    "alpaydin": Source(
        "Alpaydin & Kaynak 1998",
        "Optical recognition of handwritten digits. UCI Machine Learning Repository",
        _doi("10.24432/C50P49"),
    ),
    "attwell": Source(
        "Attwell & Laughlin 2001",
        "An energy budget for signaling in the grey matter of the brain. "
        "Journal of Cerebral Blood Flow & Metabolism 21, 1133–1145",
        _doi("10.1097/00004647-200110000-00001"),
    ),
    "azevedo": Source(
        "Azevedo et al. 2009",
        "Equal numbers of neuronal and nonneuronal cells make the human brain an isometrically scaled-up primate "
        "brain. Journal of Comparative Neurology 513, 532–541",
        _doi("10.1002/cne.21974"),
    ),
    "bahdanau": Source(
        "Bahdanau, Cho & Bengio 2015",
        "Neural machine translation by jointly learning to align and translate. ICLR",
        "https://arxiv.org/abs/1409.0473",
    ),
    "bai": Source(
        "Bai, Kolter & Koltun 2018",
        "An empirical evaluation of generic convolutional and recurrent networks for sequence modeling",
        "https://arxiv.org/abs/1803.01271",
    ),
    "bartheld": Source(
        "von Bartheld, Bahney & Herculano-Houzel 2016",
        "The search for true numbers of neurons and glial cells in the human brain: a review of 150 years of cell "
        "counting. Journal of Comparative Neurology 524, 3865–3895",
        _doi("10.1002/cne.24040"),
    ),
    "bean": Source(
        "Bean 2007",
        "The action potential in mammalian central neurons. Nature Reviews Neuroscience 8, 451–465",
        _doi("10.1038/nrn2148"),
    ),
    "beck": Source(
        "Beck et al. 2024", "xLSTM: extended long short-term memory. NeurIPS 37", "https://arxiv.org/abs/2405.04517"
    ),
    "bengio": Source(
        "Bengio, Simard & Frasconi 1994",
        "Learning long-term dependencies with gradient descent is difficult. IEEE Transactions on Neural Networks 5, "
        "157–166",
        _doi("10.1109/72.279181"),
    ),
    "beniaguev": Source(
        "Beniaguev, Segev & London 2021",
        "Single cortical neurons as deep artificial neural networks. Neuron 109, 2727–2739",
        _doi("10.1016/j.neuron.2021.07.002"),
    ),
    "beyerstein": Source(
        "Beyerstein 1999",
        "Whence cometh the myth that we only use 10% of our brains? In: Della Sala (ed.), Mind Myths, Wiley",
    ),
    "bi": Source(
        "Bi & Poo 1998",
        "Synaptic modifications in cultured hippocampal neurons: dependence on spike timing, synaptic strength, and "
        "postsynaptic cell type. Journal of Neuroscience 18, 10464–10472",
        _doi("10.1523/JNEUROSCI.18-24-10464.1998"),
    ),
    "bi_wang": Source(
        "Bi & Wang 2002",
        "Temporal asymmetry in spike timing-dependent synaptic plasticity. Physiology & Behavior 77, 551–555",
        _doi("10.1016/S0031-9384(02)00933-2"),
    ),
    "brette": Source(
        "Brette et al. 2007",
        "Simulation of networks of spiking neurons. Journal of Computational Neuroscience 23, 349–398",
        _doi("10.1007/s10827-007-0038-6"),
    ),
    "brette_gerstner": Source(
        "Brette & Gerstner 2005",
        "Adaptive exponential integrate-and-fire model as an effective description of neuronal activity. "
        "Journal of Neurophysiology 94, 3637–3642",
        _doi("10.1152/jn.00686.2005"),
    ),
    "brown": Source(
        "Brown et al. 2020",
        "Language models are few-shot learners. NeurIPS 33",
        "https://arxiv.org/abs/2005.14165",
    ),
    "brunel": Source(
        "Brunel & Wang 2001",
        "Effects of neuromodulation in a cortical network model of object working memory dominated by recurrent "
        "inhibition. Journal of Computational Neuroscience 11, 63–85",
        _doi("10.1023/A:1011204814320"),
    ),
    "cho": Source(
        "Cho et al. 2014",
        "Learning phrase representations using RNN encoder–decoder for statistical machine translation. EMNLP",
        _doi("10.3115/v1/D14-1179"),
    ),
    "chung": Source(
        "Chung et al. 2014",
        "Empirical evaluation of gated recurrent neural networks on sequence modeling",
        "https://arxiv.org/abs/1412.3555",
    ),
    "compte": Source(
        "Compte et al. 2000",
        "Synaptic mechanisms and network dynamics underlying spatial working memory in a cortical network model. "
        "Cerebral Cortex 10, 910–923",
        _doi("10.1093/cercor/10.9.910"),
    ),
    "crick": Source(
        "Crick 1989", "The recent excitement about neural networks. Nature 337, 129–132", _doi("10.1038/337129a0")
    ),
    "cybenko": Source(
        "Cybenko 1989",
        "Approximation by superpositions of a sigmoidal function. Mathematics of Control, Signals and Systems 2, "
        "303–314",
        _doi("10.1007/BF02551274"),
    ),
    "davies": Source(
        "Davies et al. 2018",
        "Loihi: a neuromorphic manycore processor with on-chip learning. IEEE Micro 38, 82–99",
        _doi("10.1109/MM.2018.112130359"),
    ),
    "dayan": Source("Dayan & Abbott 2001", "Theoretical Neuroscience, MIT Press (section 5.4)"),
    "dorkenwald": Source(
        "Dorkenwald et al. 2024",
        "Neuronal wiring diagram of an adult brain. Nature 634, 124–138",
        _doi("10.1038/s41586-024-07558-y"),
    ),
    "dosovitskiy": Source(
        "Dosovitskiy et al. 2021",
        "An image is worth 16x16 words: transformers for image recognition at scale. ICLR",
        "https://arxiv.org/abs/2010.11929",
    ),
    "faisal": Source(
        "Faisal, Selen & Wolpert 2008",
        "Noise in the nervous system. Nature Reviews Neuroscience 9, 292–303",
        _doi("10.1038/nrn2258"),
    ),
    "fremaux": Source(
        "Frémaux & Gerstner 2016",
        "Neuromodulated spike-timing-dependent plasticity, and theory of three-factor learning rules. "
        "Frontiers in Neural Circuits 9, 85",
        _doi("10.3389/fncir.2015.00085"),
    ),
    "fuster": Source(
        "Fuster & Alexander 1971",
        "Neuron activity related to short-term memory. Science 173, 652–654",
        _doi("10.1126/science.173.3997.652"),
    ),
    "gers": Source(
        "Gers, Schmidhuber & Cummins 2000",
        "Learning to forget: continual prediction with LSTM. Neural Computation 12, 2451–2471",
        _doi("10.1162/089976600300015015"),
    ),
    "gerstner": Source(
        "Gerstner, Kistler, Naud & Paninski 2014",
        "Neuronal Dynamics, chapter 2. Cambridge University Press",
        "https://doi.org/10.1017/CBO9781107447615",
    ),
    "gidon": Source(
        "Gidon et al. 2020",
        "Dendritic action potentials and computation in human layer 2/3 cortical neurons. Science 367, 83–87",
        _doi("10.1126/science.aax6239"),
    ),
    "goodfellow": Source("Goodfellow, Bengio & Courville 2016", "Deep Learning, MIT Press (section 6.1: learning XOR)"),
    "gu": Source(
        "Gu, Goel & Ré 2022",
        "Efficiently modeling long sequences with structured state spaces. ICLR",
        "https://arxiv.org/abs/2111.00396",
    ),
    "hebb": Source("Hebb 1949", "The Organization of Behavior, Wiley"),
    "hochreiter": Source(
        "Hochreiter & Schmidhuber 1997",
        "Long short-term memory. Neural Computation 9, 1735–1780",
        _doi("10.1162/neco.1997.9.8.1735"),
    ),
    "hodgkin": Source(
        "Hodgkin & Huxley 1952",
        "A quantitative description of membrane current and its application to conduction and excitation in nerve. "
        "Journal of Physiology 117, 500–544",
        _doi("10.1113/jphysiol.1952.sp004764"),
    ),
    "hubel": Source(
        "Hubel & Wiesel 1962",
        "Receptive fields, binocular interaction and functional architecture in the cat's visual cortex. "
        "Journal of Physiology 160, 106–154",
        _doi("10.1113/jphysiol.1962.sp006837"),
    ),
    "izhikevich": Source(
        "Izhikevich 2003",
        "Simple model of spiking neurons. IEEE Transactions on Neural Networks 14, 1569–1572",
        _doi("10.1109/TNN.2003.820440"),
    ),
    "jain": Source(
        "Jain & Wallace 2019", "Attention is not explanation. NAACL-HLT", "https://arxiv.org/abs/1902.10186"
    ),
    "jelassi": Source(
        "Jelassi et al. 2024",
        "Repeat after me: Transformers are better than state space models at copying. ICML",
        "https://arxiv.org/abs/2402.01032",
    ),
    "jozefowicz": Source(
        "Jozefowicz, Zaremba & Sutskever 2015", "An empirical exploration of recurrent network architectures. ICML"
    ),
    "kandel": Source("Kandel et al. 2021", "Principles of Neural Science, 6th edition, McGraw Hill"),
    "koch": Source(
        "Koch, Poggio & Torre 1983",
        "Nonlinear interactions in a dendritic tree: localization, timing, and role in information processing. "
        "PNAS 80, 2799–2802",
        _doi("10.1073/pnas.80.9.2799"),
    ),
    "lecun": Source("LeCun, Bengio & Hinton 2015", "Deep learning. Nature 521, 436–444", _doi("10.1038/nature14539")),
    "lennie": Source(
        "Lennie 2003",
        "The cost of cortical computation. Current Biology 13, 493–497",
        _doi("10.1016/S0960-9822(03)00135-0"),
    ),
    "leshno": Source(
        "Leshno, Lin, Pinkus & Schocken 1993",
        "Multilayer feedforward networks with a nonpolynomial activation function can approximate any function. "
        "Neural Networks 6, 861–867",
        _doi("10.1016/S0893-6080(05)80131-5"),
    ),
    "li": Source(
        "Li et al. 2022",
        "BLIP: bootstrapping language-image pre-training for unified vision-language understanding and generation. "
        "ICML",
        "https://arxiv.org/abs/2201.12086",
    ),
    "lillicrap": Source(
        "Lillicrap et al. 2020",
        "Backpropagation and the brain. Nature Reviews Neuroscience 21, 335–346",
        _doi("10.1038/s41583-020-0277-3"),
    ),
    "liu": Source(
        "Liu et al. 2023",
        "Visual instruction tuning. NeurIPS 36",
        "https://arxiv.org/abs/2304.08485",
    ),
    "london": Source(
        "London & Häusser 2005",
        "Dendritic computation. Annual Review of Neuroscience 28, 503–532",
        _doi("10.1146/annurev.neuro.28.061604.135703"),
    ),
    "mainen": Source(
        "Mainen & Sejnowski 1995",
        "Reliability of spike timing in neocortical neurons. Science 268, 1503–1506",
        _doi("10.1126/science.7770778"),
    ),
    "mamba": Source(
        "Gu & Dao 2023",
        "Mamba: linear-time sequence modeling with selective state spaces",
        "https://arxiv.org/abs/2312.00752",
    ),
    "markram": Source(
        "Markram et al. 1997",
        "Regulation of synaptic efficacy by coincidence of postsynaptic APs and EPSPs. Science 275, 213–215",
        _doi("10.1126/science.275.5297.213"),
    ),
    "martin": Source(
        "Martin & Cundy 2018",
        "Parallelizing linear recurrent neural nets over sequence length. ICLR",
        "https://arxiv.org/abs/1709.04057",
    ),
    "mcclelland": Source(
        "McClelland, McNaughton & O'Reilly 1995",
        "Why there are complementary learning systems in the hippocampus and neocortex. "
        "Psychological Review 102, 419–457",
        _doi("10.1037/0033-295X.102.3.419"),
    ),
    "mccloskey": Source(
        "McCloskey & Cohen 1989",
        "Catastrophic interference in connectionist networks: the sequential learning problem. "
        "Psychology of Learning and Motivation 24, 109–165",
        _doi("10.1016/S0079-7421(08)60536-8"),
    ),
    "mcculloch": Source(
        "McCulloch & Pitts 1943",
        "A logical calculus of the ideas immanent in nervous activity. Bulletin of Mathematical Biophysics 5, 115–133",
        _doi("10.1007/BF02478259"),
    ),
    "merolla": Source(
        "Merolla et al. 2014",
        "A million spiking-neuron integrated circuit with a scalable communication network and interface. "
        "Science 345, 668–673",
        _doi("10.1126/science.1254642"),
    ),
    "minsky": Source("Minsky & Papert 1969", "Perceptrons, MIT Press"),
    "mongillo": Source(
        "Mongillo, Barak & Tsodyks 2008",
        "Synaptic theory of working memory. Science 319, 1543–1546",
        _doi("10.1126/science.1150769"),
    ),
    "naud": Source(
        "Naud et al. 2008",
        "Firing patterns in the adaptive exponential integrate-and-fire model. Biological Cybernetics 99, 335–347",
        _doi("10.1007/s00422-008-0264-7"),
    ),
    "neftci": Source(
        "Neftci, Mostafa & Zenke 2019",
        "Surrogate gradient learning in spiking neural networks. IEEE Signal Processing Magazine 36, 51–63",
        _doi("10.1109/MSP.2019.2931595"),
    ),
    "nielsen": Source(
        "Nielsen et al. 2013",
        "An evaluation of the left-brain vs. right-brain hypothesis with resting state functional connectivity "
        "magnetic resonance imaging. PLoS ONE 8, e71275",
        _doi("10.1371/journal.pone.0071275"),
    ),
    "nvidia": Source("NVIDIA 2020", "NVIDIA A100 Tensor Core GPU Architecture (white paper)"),
    "olshausen": Source(
        "Olshausen & Field 1996",
        "Emergence of simple-cell receptive field properties by learning a sparse code for natural images. "
        "Nature 381, 607–609",
        _doi("10.1038/381607a0"),
    ),
    "oreilly": Source(
        "O'Reilly & Frank 2006",
        "Making working memory work: a computational model of learning in the prefrontal cortex and basal ganglia. "
        "Neural Computation 18, 283–328",
        _doi("10.1162/089976606775093909"),
    ),
    "orvieto": Source(
        "Orvieto et al. 2023",
        "Resurrecting recurrent neural networks for long sequences. ICML",
        "https://arxiv.org/abs/2303.06349",
    ),
    "pakkenberg": Source(
        "Pakkenberg et al. 2003",
        "Aging and the human neocortex. Experimental Gerontology 38, 95–99",
        _doi("10.1016/S0531-5565(02)00151-1"),
    ),
    "pascanu": Source(
        "Pascanu, Mikolov & Bengio 2013",
        "On the difficulty of training recurrent neural networks. ICML",
        "https://arxiv.org/abs/1211.5063",
    ),
    "patterson": Source(
        "Patterson et al. 2021",
        "Carbon emissions and large neural network training",
        "https://arxiv.org/abs/2104.10350",
    ),
    "peng": Source(
        "Peng et al. 2023",
        "RWKV: reinventing RNNs for the Transformer era. Findings of EMNLP",
        "https://arxiv.org/abs/2305.13048",
    ),
    "radford": Source(
        "Radford et al. 2021",
        "Learning transferable visual models from natural language supervision. ICML",
        "https://arxiv.org/abs/2103.00020",
    ),
    "raichle": Source(
        "Raichle & Gusnard 2002",
        "Appraising the brain's energy budget. PNAS 99, 10237–10239",
        _doi("10.1073/pnas.172399499"),
    ),
    "rohrbach": Source(
        "Rohrbach et al. 2018",
        "Object hallucination in image captioning. EMNLP",
        "https://arxiv.org/abs/1809.02156",
    ),
    "rosenblatt": Source(
        "Rosenblatt 1958",
        "The perceptron: a probabilistic model for information storage and organization in the brain. "
        "Psychological Review 65, 386–408",
        _doi("10.1037/h0042519"),
    ),
    "rumelhart": Source(
        "Rumelhart, Hinton & Williams 1986",
        "Learning representations by back-propagating errors. Nature 323, 533–536",
        _doi("10.1038/323533a0"),
    ),
    "schultz": Source(
        "Schultz, Dayan & Montague 1997",
        "A neural substrate of prediction and reward. Science 275, 1593–1599",
        _doi("10.1126/science.275.5306.1593"),
    ),
    "seth": Source(
        "Seth & Bayne 2022",
        "Theories of consciousness. Nature Reviews Neuroscience 23, 439–452",
        _doi("10.1038/s41583-022-00587-4"),
    ),
    "song": Source(
        "Song, Miller & Abbott 2000",
        "Competitive Hebbian learning through spike-timing-dependent synaptic plasticity. Nature Neuroscience 3, "
        "919–926",
        _doi("10.1038/78829"),
    ),
    "strata": Source(
        "Strata & Harvey 1999",
        "Dale's principle. Brain Research Bulletin 50, 349–350",
        _doi("10.1016/S0361-9230(99)00100-8"),
    ),
    "su": Source(
        "Su et al. 2021",
        "RoFormer: enhanced transformer with rotary position embedding",
        "https://arxiv.org/abs/2104.09864",
    ),
    "sundararajan": Source(
        "Sundararajan, Taly & Yan 2017",
        "Axiomatic attribution for deep networks. ICML",
        "https://arxiv.org/abs/1703.01365",
    ),
    "tang": Source(
        "Tang et al. 2001",
        "Total regional and global number of synapses in the human brain neocortex. Synapse 41, 258–273",
        _doi("10.1002/syn.1083"),
    ),
    "thorpe": Source(
        "Thorpe, Fize & Marlot 1996",
        "Speed of processing in the human visual system. Nature 381, 520–522",
        _doi("10.1038/381520a0"),
    ),
    "vaswani": Source(
        "Vaswani et al. 2017", "Attention is all you need. NeurIPS 30", "https://arxiv.org/abs/1706.03762"
    ),
    "vinyals": Source(
        "Vinyals et al. 2015",
        "Show and tell: a neural image caption generator. CVPR",
        _doi("10.1109/CVPR.2015.7298935"),
    ),
    "vogels": Source(
        "Vogels & Abbott 2005",
        "Signal propagation and logic gating in networks of integrate-and-fire neurons. Journal of Neuroscience 25, "
        "10786–10795",
        _doi("10.1523/JNEUROSCI.3508-05.2005"),
    ),
    "wang": Source(
        "Wang 2001",
        "Synaptic reverberation underlying mnemonic persistent activity. Trends in Neurosciences 24, 455–463",
        _doi("10.1016/S0166-2236(00)01868-3"),
    ),
    "warstadt": Source(
        "Warstadt et al. 2023",
        "Findings of the BabyLM Challenge: sample-efficient pretraining on developmentally plausible corpora. CoNLL",
        _doi("10.18653/v1/2023.conll-babylm.1"),
    ),
    "werbos": Source(
        "Werbos 1990",
        "Backpropagation through time: what it does and how to do it. Proceedings of the IEEE 78, 1550–1560",
        _doi("10.1109/5.58337"),
    ),
    "xu": Source(
        "Xu et al. 2015",
        "Show, attend and tell: neural image caption generation with visual attention. ICML",
        "https://arxiv.org/abs/1502.03044",
    ),
    "yamins": Source(
        "Yamins et al. 2014",
        "Performance-optimized hierarchical models predict neural responses in higher visual cortex. "
        "PNAS 111, 8619–8624",
        _doi("10.1073/pnas.1403112111"),
    ),
    "zeiler": Source(
        "Zeiler & Fergus 2014",
        "Visualizing and understanding convolutional networks. ECCV",
        "https://arxiv.org/abs/1311.2901",
    ),
}
