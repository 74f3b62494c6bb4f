package io.ketju.tensor.kernel.convolution;

/**
 * One 2-D convolution (cross-correlation, as PyTorch's Conv2d). x [batch, inChannels, height, width], w [outChannels, inChannels / groups,
 * kernelHeight, kernelWidth], y [batch, outChannels, outHeight(), outWidth()].
 *
 * @param batch samples, at least 0
 * @param inChannels channels of x, a multiple of the groups
 * @param height rows of x, at least 1
 * @param width columns of x, at least 1
 * @param outChannels channels of y, a multiple of the groups
 * @param window taps, stride, padding and dilation; fits into x with its padding
 * @param groups both kinds of channels are cut into so many groups, each output group reading the input group of the same number; as many
 *     as input channels make a depthwise convolution
 */
public record Conv2dShape(
        int batch, int inChannels, int height, int width, int outChannels, Window window, int groups) {
    /**
     * The window of a convolution or a pooling. Checked by {@link Conv2dShape}.
     *
     * @param kernelHeight rows of taps, at least 1
     * @param kernelWidth columns of taps, at least 1
     * @param strideY rows from one window to the next, at least 1
     * @param strideX columns from one window to the next, at least 1
     * @param padY rows of padding above and below, zeros in a convolution, at least 0
     * @param padX columns of padding on the left and on the right, at least 0
     * @param dilationY rows from one tap to the next, at least 1
     * @param dilationX columns from one tap to the next, at least 1
     */
    public record Window(
            int kernelHeight,
            int kernelWidth,
            int strideY,
            int strideX,
            int padY,
            int padX,
            int dilationY,
            int dilationX) {
        /**
         * One without dilation.
         *
         * @param kernelHeight rows of taps
         * @param kernelWidth columns of taps
         * @param strideY rows from one window to the next
         * @param strideX columns from one window to the next
         * @param padY rows of padding above and below
         * @param padX columns of padding on the left and on the right
         */
        public Window(int kernelHeight, int kernelWidth, int strideY, int strideX, int padY, int padX) {
            this(kernelHeight, kernelWidth, strideY, strideX, padY, padX, 1, 1);
        }

        /**
         * {@return a square window without dilation}
         *
         * @param kernel rows and columns of taps
         * @param stride rows and columns from one window to the next
         * @param padding rows and columns on each side
         */
        public static Window square(int kernel, int stride, int padding) {
            return new Window(kernel, kernel, stride, stride, padding, padding);
        }

        /**
         * {@return a window over sequences, which are images of height 1}
         *
         * @param kernel taps
         * @param stride elements from one window to the next
         * @param padding elements on each side
         */
        public static Window line(int kernel, int stride, int padding) {
            return new Window(1, kernel, 1, stride, 0, padding);
        }

        /**
         * {@return the same window with its taps so far apart}
         *
         * @param rows from one tap to the next, 1 for neighbours
         * @param columns from one tap to the next, 1 for neighbours
         */
        public Window dilated(int rows, int columns) {
            return new Window(kernelHeight, kernelWidth, strideY, strideX, padY, padX, rows, columns);
        }

        /** {@return the rows from the first tap to the last, both included} */
        public int extentY() {
            return (kernelHeight - 1) * dilationY + 1;
        }

        /** {@return the columns from the first tap to the last, both included} */
        public int extentX() {
            return (kernelWidth - 1) * dilationX + 1;
        }

        /**
         * {@return how many windows there are below each other}
         *
         * @param height rows of x, which with the padding hold a window
         */
        public int outHeight(int height) {
            return (height + 2 * padY - extentY()) / strideY + 1;
        }

        /**
         * {@return how many windows there are side by side}
         *
         * @param width columns of x, which with the padding hold a window
         */
        public int outWidth(int width) {
            return (width + 2 * padX - extentX()) / strideX + 1;
        }

        /** Taps of one channel. */
        int size() {
            return kernelHeight * kernelWidth;
        }

        /** Throws unless every number is in its range. */
        void check() {
            boolean legal = Math.min(kernelHeight, kernelWidth) >= 1
                    && Math.min(strideY, strideX) >= 1
                    && Math.min(padY, padX) >= 0
                    && Math.min(dilationY, dilationX) >= 1;
            if (!legal) {
                throw new IllegalArgumentException(
                        "convolution: expected kernel, stride and dilation of at least 1 and padding of at least 0, found "
                                + this);
            }
        }
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is out of its range, or x with its padding is smaller than the window
     */
    public Conv2dShape {
        window.check();
        checkChannels(batch, inChannels, outChannels, groups);
        if (height < 1
                || width < 1
                || height + 2 * window.padY < window.extentY()
                || width + 2 * window.padX < window.extentX()) {
            throw new IllegalArgumentException(
                    "convolution: expected an image that holds the window with padding, found " + height + " x " + width
                            + " for " + window);
        }
    }

    /**
     * One in a single group.
     *
     * @param batch samples
     * @param inChannels channels of x
     * @param height rows of x
     * @param width columns of x
     * @param outChannels channels of y
     * @param window taps, stride, padding and dilation
     */
    public Conv2dShape(int batch, int inChannels, int height, int width, int outChannels, Window window) {
        this(batch, inChannels, height, width, outChannels, window, 1);
    }

    /**
     * {@return a convolution of sequences [batch, inChannels, length], as PyTorch's Conv1d}
     *
     * @param batch samples
     * @param inChannels channels of x
     * @param length elements of one channel of x
     * @param outChannels channels of y
     * @param window of height 1: see {@link Window#line}
     */
    public static Conv2dShape conv1d(int batch, int inChannels, int length, int outChannels, Window window) {
        return new Conv2dShape(batch, inChannels, 1, length, outChannels, window);
    }

    /**
     * {@return the same sizes with the channels in groups}
     *
     * @param groups divides both numbers of channels
     */
    public Conv2dShape withGroups(int groups) {
        return new Conv2dShape(batch, inChannels, height, width, outChannels, window, groups);
    }

    Conv2dShape withBatch(int batch) {
        return new Conv2dShape(batch, inChannels, height, width, outChannels, window, groups);
    }

    static void checkChannels(int batch, int inChannels, int outChannels, int groups) {
        boolean legal = batch >= 0
                && inChannels >= 1
                && outChannels >= 1
                && groups >= 1
                && inChannels % groups == 0
                && outChannels % groups == 0;
        if (!legal) {
            throw new IllegalArgumentException("convolution: expected channels that are multiples of the groups, found "
                    + inChannels + " to " + outChannels + " in " + groups + " groups, batch " + batch);
        }
    }

    /** {@return the rows of y} */
    public int outHeight() {
        return window.outHeight(height);
    }

    /** {@return the columns of y} */
    public int outWidth() {
        return window.outWidth(width);
    }

    /** {@return the length of one forward sum: inChannels / groups · kernelHeight · kernelWidth} */
    public int taps() {
        return groupInChannels() * window.size();
    }

    /** Windows of one element side by side: each result is a sum over the channels at its own place. */
    boolean isPointwise() {
        return window.size() == 1 && window.strideY == 1 && window.strideX == 1 && window.padY == 0 && window.padX == 0;
    }

    /** The same pointwise convolution with the rows of a plane seen as one. */
    Conv2dShape flattened() {
        return new Conv2dShape(batch, inChannels, 1, plane(), outChannels, Window.square(1, 1, 0), groups);
    }

    /** Input channels of one group. */
    int groupInChannels() {
        return inChannels / groups;
    }

    /** Output channels of one group. */
    int groupOutChannels() {
        return outChannels / groups;
    }

    /** Elements of one plane of x. */
    int plane() {
        return height * width;
    }

    /** Elements of one plane of y. */
    int positions() {
        return outHeight() * outWidth();
    }
}
