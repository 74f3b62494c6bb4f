package io.ketju.tensor.kernel.pooling;

/** What an average over a window at the edge is divided by. */
public enum AverageDivisor {
    /** The positions of the window, the padding's included: PyTorch's {@code count_include_pad=True}, its default. */
    WINDOW,
    /** Only the positions that are not padding: {@code count_include_pad=False}. */
    INSIDE
}
