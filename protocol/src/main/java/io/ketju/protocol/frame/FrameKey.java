package io.ketju.protocol.frame;

/**
 * Which tensor of an edge a frame carries.
 *
 * @param window number of the window, 0 or more
 * @param microbatch index within the window, 0 or more
 * @param edge index among the tensors that cross the same cut, 0 to {@link #MAX_EDGE}
 */
public record FrameKey(long window, int microbatch, int edge) {
    /** Largest edge index: the header has 16 bits for it. */
    public static final int MAX_EDGE = 0xFFFF;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public FrameKey {
        if (window < 0 || microbatch < 0 || edge < 0 || edge > MAX_EDGE) {
            throw new IllegalArgumentException("window and micro-batch are 0 or more and edge is 0 to " + MAX_EDGE
                    + ", got window " + window + ", micro-batch " + microbatch + ", edge " + edge);
        }
    }
}
