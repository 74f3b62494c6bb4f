package io.ketju.data.idx;

import java.util.Arrays;

/**
 * What an IDX file promises before its elements come.
 *
 * @param source what errors call the file
 * @param dimensions outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // made by IdxReader alone; never compared
record IdxHeader(String source, int[] dimensions) {
    /** Images or labels. */
    int items() {
        return dimensions[0];
    }

    /** Elements, a byte each. */
    long elements() {
        return Arrays.stream(dimensions).asLongStream().reduce(1, Math::multiplyExact);
    }

    /** Height and width of images as people write them. */
    String size() {
        return dimensions[1] + "x" + dimensions[2];
    }
}
