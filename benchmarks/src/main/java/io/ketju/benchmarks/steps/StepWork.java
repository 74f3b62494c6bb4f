package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.peers.WorkSpec;

/** The networks that are measured, and those that are compared first. */
public enum StepWork {
    CNN(
            "CNN 3x32x32, convolutions 32-64-128 with BatchNorm, batch 32, SGD momentum",
            "step_cnn batch=32 size=32 width=32"),
    RESNET(
            "small ResNet 3x32x32, 16-32-64 of two blocks, batch 32, SGD momentum",
            "step_resnet batch=32 size=32 width=16"),
    GPT(
            "GPT of 4 layers, width 256, 4 heads, context 128, vocabulary 1000, batch 8, AdamW",
            "step_gpt batch=8 length=128 width=256 heads=4 layers=4 vocabulary=1000"),
    LSTM(
            "LSTM hidden 256, vocabulary 5000, sequences of 35, batch 20, SGD",
            "step_lstm batch=20 length=35 width=256 vocabulary=5000"),
    WORDS(
            "bags of 64 words, vocabulary 200000, width 64, batch 32, SparseAdam by rows",
            "step_words batch=32 length=64 width=64 vocabulary=200000 sparse=1"),
    WHOLE_WORDS(
            "the same bags, Adam of the whole table",
            "step_words batch=32 length=64 width=64 vocabulary=200000 sparse=0");

    /** So small that thousands of steps on the same batches do not end among denormal gradients. */
    private static final int RATE = 1;

    private final String title;
    private final String sizes;

    StepWork(String title, String sizes) {
        this.title = title;
        this.sizes = sizes;
    }

    /** As the tables call it. */
    public String title() {
        return title;
    }

    /** What is measured. */
    public WorkSpec spec() {
        return WorkSpec.parse(sizes).with("rate", RATE);
    }

    /** What is compared: the same, with a rate at which the losses after the first step tell of all gradients. */
    WorkSpec comparison() {
        return WorkSpec.parse(sizes)
                .with(
                        "rate",
                        switch (this) {
                            case CNN, RESNET -> 20_000;
                            case GPT, WORDS, WHOLE_WORDS -> 1_000;
                            case LSTM -> 1_000_000;
                        });
    }
}
