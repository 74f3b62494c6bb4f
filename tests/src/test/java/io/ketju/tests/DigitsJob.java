package io.ketju.tests;

import java.util.List;

/** A small job that loses workers, or is cut anew, in the middle of an epoch: two stages, epochs of 29 steps. */
final class DigitsJob {
    private DigitsJob() {}

    /** Lines of its job file. */
    static String[] lines(int epochs) {
        return List.of(
                        "model.name = \"mlp(64, 40, 24, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.002)\"",
                        "batch = 50",
                        "microbatches = 3",
                        "epochs = " + epochs,
                        "stages = 2")
                .toArray(String[]::new);
    }
}
