package io.ketju.tensor.kernel.pooling;

/**
 * One axis of a pooling window, as PyTorch's kernel_size, stride, padding, dilation and ceil_mode. Window {@code o} lies
 * on the positions {@code o·stride - padding + k·dilation} for k from 0 to kernel-1.
 *
 * @param kernel positions of a window, at least 1
 * @param stride from the start of one window to that of the next, at least 1
 * @param padding positions added at either end, at most half of the window's extent
 * @param dilation from one position of a window to the next, at least 1
 * @param ceilMode whether what is left over at the end gets a window of its own, if that starts inside the axis or its
 *     left padding
 */
public record PoolAxis(int kernel, int stride, int padding, int dilation, boolean ceilMode) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is too small, or the padding more than half of the window's extent
     */
    public PoolAxis {
        if (kernel < 1 || stride < 1 || dilation < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "pooling: expected kernel, stride and dilation of at least 1 and padding of at least 0, found kernel "
                            + kernel + ", stride " + stride + ", dilation " + dilation + ", padding " + padding);
        }
        if (2L * padding > (kernel - 1L) * dilation + 1) {
            throw new IllegalArgumentException("pooling: expected padding of at most half of kernel " + kernel
                    + " with dilation " + dilation + ", found " + padding);
        }
    }

    /**
     * {@return an axis without dilation and ceil mode}
     *
     * @param kernel positions of a window, at least 1
     * @param stride from one window to the next, at least 1
     * @param padding positions added at either end, at most half of the kernel
     */
    public static PoolAxis of(int kernel, int stride, int padding) {
        return new PoolAxis(kernel, stride, padding, 1, false);
    }

    /**
     * {@return this with another dilation}
     *
     * @param value from one position of a window to the next, at least 1
     */
    public PoolAxis withDilation(int value) {
        return new PoolAxis(kernel, stride, padding, value, ceilMode);
    }

    /** {@return this with a window for what is left over at the end} */
    public PoolAxis withCeilMode() {
        return new PoolAxis(kernel, stride, padding, dilation, true);
    }

    /** {@return the positions from the first to the last of a window, both included} */
    public int extent() {
        return (kernel - 1) * dilation + 1;
    }

    /**
     * {@return the number of windows over an axis; below 1 if the window is larger than the padded axis}
     *
     * @param size positions of the axis, without padding
     */
    public int outSize(int size) {
        long windows = Math.floorDiv(size + 2L * padding - extent() + (ceilMode ? stride - 1 : 0), (long) stride) + 1;
        return (int) (ceilMode && (windows - 1) * stride >= (long) size + padding ? windows - 1 : windows);
    }

    /**
     * {@return the first window that lies in the padding alone, or -1; only one that starts in the left padding can}
     *
     * @param size positions of the axis, without padding
     */
    public int emptyWindow(int size) {
        int count = outSize(size);
        for (int out = 0; out < count && start(out) < 0; out++) {
            if (begin(out) >= end(out, size)) {
                return out;
            }
        }
        return -1;
    }

    /** The first position of a window, negative in the padding. */
    int start(int out) {
        return out * stride - padding;
    }

    /** The first position of a window that is not in the padding. */
    int begin(int out) {
        int start = start(out);
        return start >= 0 ? start : start + Math.ceilDiv(-start, dilation) * dilation;
    }

    /** The position behind a window or the axis, whichever comes first. */
    int end(int out, int size) {
        return Math.min(size, start(out) + extent());
    }
}
