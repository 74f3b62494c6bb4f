package io.ketju.tensor.kernel.resampling;

import java.util.Locale;

/** What positions outside of an axis show. Of an axis that is cut on one side, what is left counts as the axis. */
public enum PaddingMode {
    /** A value that is none of the elements. */
    ZEROS {
        @Override
        int outside(int position, int low, int high) {
            return AxisMap.NONE;
        }
    },
    /** The elements backwards, the one at the edge not repeated: less of them than there are. */
    REFLECT {
        @Override
        int outside(int position, int low, int high) {
            return position < low ? 2 * low - position : 2 * (high - 1) - position;
        }

        @Override
        public long least(int before, int after) {
            return Math.max(super.least(before, after), 1L + Math.max(before, after));
        }
    },
    /** The element at the edge. */
    REPLICATE {
        @Override
        int outside(int position, int low, int high) {
            return position < low ? low : high - 1;
        }
    },
    /** The elements from the other end on: at most as many as there are. */
    CIRCULAR {
        @Override
        int outside(int position, int low, int high) {
            return position < low ? position + (high - low) : position - (high - low);
        }

        @Override
        public long least(int before, int after) {
            return super.least(before, after) + Math.max(0, Math.max(before, after) - 1);
        }
    };

    /** The element that a position outside shows, of those from {@code low} to {@code high - 1}. */
    abstract int outside(int position, int low, int high);

    /**
     * {@return the smallest axis that can be extended by so much, or cut where it is negative: something must be left of it}
     *
     * @param before positions in front of the first
     * @param after positions behind the last
     */
    public long least(int before, int after) {
        return 1L + Math.max(0, -(long) before) + Math.max(0, -(long) after);
    }

    /** As arguments are written: {@code reflect}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
