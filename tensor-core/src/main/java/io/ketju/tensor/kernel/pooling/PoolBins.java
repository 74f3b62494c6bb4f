package io.ketju.tensor.kernel.pooling;

/** Which positions of one axis each output takes: begin, begin + step, ... below end, never in the padding. */
sealed interface PoolBins {
    /** Number of outputs. */
    int count();

    int begin(int out);

    int end(int out);

    int step();

    /** What the sum of an output is divided by on this axis. */
    int divisor(int out);

    /** Bins of a sliding window. */
    record Sliding(PoolAxis axis, int size, AverageDivisor average) implements PoolBins {
        @Override
        public int count() {
            return axis.outSize(size);
        }

        @Override
        public int begin(int out) {
            return axis.begin(out);
        }

        @Override
        public int end(int out) {
            return axis.end(out, size);
        }

        @Override
        public int step() {
            return axis.dilation();
        }

        /** Padding counts as positions, but what ceil mode adds behind the padding never does. */
        @Override
        public int divisor(int out) {
            if (average.fixed() != 0) {
                return average.fixed();
            }
            boolean padded = average.padded();
            int from = padded ? axis.start(out) : begin(out);
            int to = Math.min(padded ? size + axis.padding() : size, axis.start(out) + axis.extent());
            return Math.ceilDiv(to - from, step());
        }
    }

    /** Bins that share out an axis evenly, overlapping where it cannot be divided. */
    record Adaptive(int size, int count) implements PoolBins {
        @Override
        public int begin(int out) {
            return (int) ((long) out * size / count);
        }

        @Override
        public int end(int out) {
            return (int) Math.ceilDiv((out + 1L) * size, count);
        }

        @Override
        public int step() {
            return 1;
        }

        @Override
        public int divisor(int out) {
            return end(out) - begin(out);
        }
    }
}
