package io.ketju.data.cifar;

import io.ketju.data.BadDataException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One of the six files of CIFAR-10 (Krizhevsky 2009), as it is called and what its bytes hash to. */
enum CifarBatch {
    TRAIN_1("data_batch_1", "5dd7e06a14cb22eb9f671a540d1b7c25"),
    TRAIN_2("data_batch_2", "5ea93a67294ea407fff1d09f752e9692"),
    TRAIN_3("data_batch_3", "942cd6a4bcdd0dd3c604fbe906cb4421"),
    TRAIN_4("data_batch_4", "ae636b3ba5c66a11e91e8cb52e771fcb"),
    TRAIN_5("data_batch_5", "53f37980c15c3d472c316c40844f3f0d"),
    TEST("test_batch", "803d5f7f4d78ea53de84dbe85f74fb6d");

    /** Images of a batch. */
    static final int IMAGES = 10_000;

    /** Bytes of an image: red, green and blue planes of 32 x 32. */
    static final int PIXELS = 3 * 32 * 32;

    /** Bytes of a batch: for each image its class, then its pixels. */
    static final int BYTES = IMAGES * (1 + PIXELS);

    private final String stem;
    private final String md5;

    CifarBatch(String stem, String md5) {
        this.stem = stem;
        this.md5 = md5;
    }

    /** Its name without the ending. */
    String stem() {
        return stem;
    }

    /** The batch that a file of this name, with this ending, holds. */
    static Optional<CifarBatch> of(String file, String ending) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return Arrays.stream(values())
                .filter(batch -> name.equals(batch.stem + ending))
                .findFirst();
    }

    static List<CifarBatch> training() {
        return List.of(TRAIN_1, TRAIN_2, TRAIN_3, TRAIN_4, TRAIN_5);
    }

    /** Throws {@link BadDataException} unless these are the bytes of the real set. */
    void require(String source, String found) {
        if (!found.equals(md5)) {
            throw BadDataException.of(source, stem + " of CIFAR-10 with MD5 " + md5, found);
        }
    }
}
