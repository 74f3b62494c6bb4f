package io.ketju.data;

import io.ketju.data.image.ImageDataset;
import java.util.List;

/** Data sets of labels that are made of embedded ones. */
final class EmbeddedLabels {
    /**
     * The segments of a seven-segment display, from a to g:
     *
     * <pre>
     *  aaa
     * f   b
     *  ggg
     * e   c
     *  ddd
     * </pre>
     */
    private static final List<String> SEGMENTS =
            List.of("top", "upper right", "lower right", "bottom", "lower left", "upper left", "middle");

    /** Which of them shine for the digits from 0. */
    private static final List<String> LIT = List.of(
            "1111110", "0110000", "1101101", "1111001", "0110011", "1011011", "1011111", "1110000", "1111111",
            "1111011");

    private EmbeddedLabels() {}

    /** The handwritten digits, each told by the segments that a display would light for it. */
    static TrainTest digitsSegments(TrainTest digits) {
        return new TrainTest(labelled(digits.train(), "train"), labelled(digits.test(), "test"));
    }

    private static Dataset labelled(Dataset digits, String part) {
        return new LabelledClasses((ImageDataset) digits, "digits-segments/" + part, SEGMENTS, LIT);
    }
}
