package io.ketju.data.idx;

import java.util.Optional;

/** The four files of a dataset in MNIST's layout. */
public enum IdxPart {
    /** Images to learn from: [images, height, width]. */
    TRAIN_IMAGES("train-images", 3),
    /** Their classes: [labels]. */
    TRAIN_LABELS("train-labels", 1),
    /** Images to test with: [images, height, width]. */
    TEST_IMAGES("t10k-images", 3),
    /** Their classes: [labels]. */
    TEST_LABELS("t10k-labels", 1);

    private final String stem;
    private final int rank;

    IdxPart(String stem, int rank) {
        this.stem = stem;
        this.rank = rank;
    }

    /** Number of dimensions: [images, height, width] or [labels]. */
    int rank() {
        return rank;
    }

    /** {@return the name as MNIST has it, for instance {@code train-images-idx3-ubyte}} */
    public String fileName() {
        return stem + "-idx" + rank + "-ubyte";
    }

    /** Which part a file of this name holds: MNIST's names, a dot for the second dash too, plain or with .gz. */
    static Optional<IdxPart> of(String fileName) {
        String plain = isGzip(fileName) ? fileName.substring(0, fileName.length() - ".gz".length()) : fileName;
        for (IdxPart part : values()) {
            if (plain.equals(part.fileName()) || plain.equals(part.stem + ".idx" + part.rank + "-ubyte")) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    static boolean isGzip(String fileName) {
        return fileName.endsWith(".gz");
    }
}
