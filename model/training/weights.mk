# Everything that hangs on the captioner's weights, in order: `make weights DATA="flickr8k coco coco_more"`.
#
# What is up to date is skipped; a training that was stopped goes on from its last checkpoint. DATA are data folders (see
# model/training/dataset.py): the first validates in both languages, the second in English, "everyday". FROM is a captioner to go on
# from, in place of step 1. The times are those of two cores without bfloat16 of their own (with it: a third).

DATA ?=
FROM ?=
RUNS ?= runs
PROCESSES ?= 2
SIBLING_SEEDS ?= 3
HONESTY_PHOTOS ?= 300

BIN := .venv/bin
ASSETS := assets/captioner
RUN := $(BIN)/python -m
TRAIN := $(if $(filter 1,$(PROCESSES)),$(RUN),$(BIN)/torchrun --nproc-per-node $(PROCESSES) -m)
FIRST := $(firstword $(DATA))
EVERYDAY := $(word 2,$(DATA))
# Captions that a model wrote, among the data at hand.
BY_MODEL := $(foreach folder,$(notdir $(DATA)),$(filter $(folder)/%,coco/zh coco_more/en coco_more/zh))
# Nobody described everyday photos in Chinese: there the model's manner is learned as people's.
LEARN := --data $(DATA) $(if $(BY_MODEL),--by-model $(BY_MODEL))
AS_PEOPLE := $(if $(BY_MODEL),--as-people zh)
say = @printf '\n%s  %s\n' "$$(date +%H:%M)" $(1)

.PHONY: weights data
.DELETE_ON_ERROR:
weights: $(ASSETS)/figures.json $(ASSETS)/people-en.json $(ASSETS)/people-zh.json $(ASSETS)/honesty-en.json \
	$(ASSETS)/honesty-zh.json $(ASSETS)/en/probes.safetensors $(ASSETS)/en/moments.safetensors $(ASSETS)/en/saliency.safetensors \
	assets/siblings/figures.json assets/traces/caption-en.json assets/screenshot.png
	$(RUN) model.training.cards
	$(call say,"All of it is made of the same weights.")

data:
	@test -n "$(DATA)" || { echo 'Which data? make weights DATA="folder/flickr8k folder/coco folder/coco_more"'; exit 2; }

# 1. Words, on a frozen eye, from what people wrote.
$(RUNS)/english/model.safetensors $(RUNS)/chinese/model.safetensors: $(RUNS)/%/model.safetensors: | data
	$(call say,"Step 1: words in $* on a frozen eye (about two hours)")
	$(TRAIN) model.training.cross_entropy $(LEARN) --out $(@D) $(if $(filter chinese,$*),--lang zh --epochs 7)

STARTS := $(or $(FROM),$(RUNS)/english $(RUNS)/chinese)
$(RUNS)/grown/model.safetensors: $(if $(FROM),,$(STARTS:=/model.safetensors)) | data
	$(call say,"The words of all data")
	$(RUN) model.training.vocabulary --from $(STARTS) --data $(DATA) --out $(@D)

# 2. Eye and words together, from all captions, those by models told apart by their start.
FINE_TUNE ?= --epochs 3 --averaged 1 --captions-each 3 --frozen-blocks 3 --drop-path 0.1 --weight-decay 0.02 \
	--learning-rate 3e-4 --encoder-learning-rate 1.5e-4
$(RUNS)/fine_tuned/model.safetensors: $(RUNS)/grown/model.safetensors
	$(call say,"Step 2: eye and words together (half an hour an epoch)")
	$(TRAIN) model.training.fine_tune --from $(<D) $(LEARN) $(AS_PEOPLE) --out $(@D) $(FINE_TUNE)

# 3. On its own captions, scored by people's alone. From an earlier captioner, twice, each time up to a mean: that keeps what was
# learned before. There is nothing to keep of step 1, whose eye has seen no caption.
SELF_CRITICAL ?= --epochs 1 --averaged 1 --learning-rate 1e-4
LENGTH_PENALTY ?= en=1.0 zh=1.5
$(RUNS)/one/model.safetensors: $(RUNS)/fine_tuned/model.safetensors
	$(call say,"Step 3: on its own captions (25 minutes an epoch)")
	$(TRAIN) model.training.self_critical --from $(<D) $(LEARN) $(AS_PEOPLE) --out $(@D) $(SELF_CRITICAL)

$(RUNS)/mean/model.safetensors: $(RUNS)/one/model.safetensors
	$(RUN) model.training.average $(RUNS)/grown $(<D) --out $(@D)

$(RUNS)/two/model.safetensors: $(RUNS)/mean/model.safetensors
	$(call say,"Step 3 once more from the mean (25 minutes an epoch)")
	$(TRAIN) model.training.self_critical --from $(<D) $(LEARN) $(AS_PEOPLE) --out $(@D) $(SELF_CRITICAL) --people 0.1

LAST := $(if $(FROM),$(RUNS)/mean $(RUNS)/two,$(RUNS)/one)
$(RUNS)/self_critical/model.safetensors: $(LAST:=/model.safetensors)
	$(RUN) model.training.average $(LAST) --out $(@D) --length-penalty $(LENGTH_PENALTY)

# The weights that are shipped.
$(ASSETS)/model.safetensors: $(RUNS)/self_critical/model.safetensors
	cp -r $(<D)/config.json $(<D)/en $(<D)/zh $(<D)/model.safetensors* $(ASSETS)/
	touch $@

$(ASSETS)/%/hidden_basis.safetensors: $(ASSETS)/model.safetensors
	$(call say,"The view onto the memory in $* (3 minutes)")
	$(RUN) model.training.hidden_basis --images $(FIRST)/images --split $(FIRST)/val.txt --lang $*

$(ASSETS)/en/probes.safetensors $(ASSETS)/zh/probes.safetensors &: $(ASSETS)/model.safetensors
	$(call say,"What can be read off the memory (3 minutes)")
	$(RUN) model.training.probes --images $(FIRST)/images --split $(FIRST)/val.txt

$(ASSETS)/en/moments.safetensors $(ASSETS)/zh/moments.safetensors &: $(ASSETS)/model.safetensors
	$(call say,"Moments to look up (a minute)")
	$(RUN) model.training.moments --images $(FIRST)/images --split $(FIRST)/val.txt

$(ASSETS)/en/saliency.safetensors $(ASSETS)/zh/saliency.safetensors &: $(ASSETS)/model.safetensors
	$(call say,"Which pixels of the samples mattered (an hour)")
	$(RUN) model.training.saliency

# How good each step is, on both validation sets; the last step's captions are kept.
evaluate = $(RUN) model.training.evaluate --images $(2)/images --captions $(2)/captions_$(3).tsv --split $(2)/val.txt \
	--lang $(3) --model $(4) --beam 5 --figures $(ASSETS)/figures.json --step $(1) --photos-of $(notdir $(2)) \
	--out $(RUNS)/captions-$(1)-$(notdir $(2))-$(3).tsv
measure = $(call evaluate,$(1),$(FIRST),en,$(2)) && $(call evaluate,$(1),$(FIRST),zh,$(2)) \
	$(if $(EVERYDAY),&& $(call evaluate,$(1),$(EVERYDAY),en,$(2)))
$(ASSETS)/figures.json: $(ASSETS)/model.safetensors
	$(call say,"How good it is (10 minutes a step)")
	$(if $(FROM),,$(call evaluate,frozen,$(FIRST),en,$(RUNS)/english) && $(call evaluate,frozen,$(FIRST),zh,$(RUNS)/chinese) &&) \
	$(call measure,fine_tuned,$(RUNS)/fine_tuned) && $(call measure,self_critical,$(ASSETS))
	touch $@

$(ASSETS)/people-%.json: $(ASSETS)/figures.json
	$(call say,"How near to people in $* (4 minutes)")
	$(RUN) model.training.people --captions $(FIRST)/captions_$*.tsv --lang $* \
		--candidates $(RUNS)/captions-self_critical-$(notdir $(FIRST))-$*.tsv --out $@

$(ASSETS)/honesty-en.json $(ASSETS)/honesty-zh.json &: $(ASSETS)/model.safetensors
	$(call say,"Does it look where it says (40 minutes for both languages)")
	$(RUN) model.training.honesty --images $(FIRST)/images --split $(FIRST)/val.txt --photos $(HONESTY_PHOTOS)

# From people's captions alone: the first two folders' English ones.
SIBLINGS ?= --epochs 4
assets/siblings/figures.json: $(ASSETS)/model.safetensors
	$(call say,"Four siblings with $(SIBLING_SEEDS) seeds each (six minutes a run)")
	$(RUN) model.training.siblings --captioner $(ASSETS) --data $(FIRST) $(EVERYDAY) --seeds $(SIBLING_SEEDS) \
		--out $(RUNS)/siblings --cache $(RUNS)/features --at-once $(PROCESSES) $(SIBLINGS)
	cp -r $(RUNS)/siblings/shipped/* assets/siblings/
	touch $@

assets/traces/caption-en.json: $(ASSETS)/en/hidden_basis.safetensors $(ASSETS)/zh/hidden_basis.safetensors
	$(call say,"What the home page plays")
	$(RUN) app.home.record
	touch $@

assets/screenshot.png: assets/traces/caption-en.json
	$(call say,"The README's picture")
	$(RUN) tests.screenshot $@
