package io.ketju.tensor.kernel.resampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each position of an axis of y takes of the same axis of x: the sum of a few elements with weights, or one element as it
 * is (one tap of weight 1). A position may take nothing where there is one tap. Immutable.
 */
public final class AxisMap {
    /** The source of a position that takes nothing. */
    public static final int NONE = -1;

    private final int size;
    private final int count;
    private final int taps;
    private final int[] sources;
    private final float[] weights;

    /** Nothing but weights of 1 as yet. */
    private AxisMap(int size, int count, int taps) {
        this.size = size;
        this.count = count;
        this.taps = taps;
        sources = new int[Math.multiplyExact(count, taps)];
        weights = new float[count * taps];
        Arrays.fill(weights, 1);
    }

    /**
     * {@return an axis as it is}
     *
     * @param size positions of x and y, at least 1
     */
    public static AxisMap identity(int size) {
        return padded(PaddingMode.ZEROS, size, 0, 0);
    }

    /**
     * {@return an axis that is longer at its ends, or shorter}
     *
     * @param mode what positions outside of x show
     * @param size positions of x
     * @param before positions in front of the first; negative: so many are cut
     * @param after positions behind the last; negative: so many are cut
     * @throws IllegalArgumentException if the axis is smaller than {@link PaddingMode#least}
     */
    public static AxisMap padded(PaddingMode mode, int size, int before, int after) {
        long count = (long) size + before + after;
        if (size < mode.least(before, after) || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("padding " + mode + ": expected an axis that can be extended by "
                    + before + " and " + after + ", found one of " + size);
        }
        int low = Math.max(0, -before);
        int high = size - Math.max(0, -after);
        AxisMap map = new AxisMap(size, (int) count, 1);
        for (int i = 0; i < map.count; i++) {
            int position = i - before;
            map.sources[i] = position >= low && position < high ? position : mode.outside(position, low, high);
        }
        return map;
    }

    /**
     * {@return another number of positions over the same extent, the edges of the first and last element being those of the axis}
     *
     * @param interpolation how values between elements follow
     * @param size positions of x, at least 1
     * @param count positions of y
     * @param scale size of x over that of y, or what is to be taken for it
     */
    public static AxisMap resized(Interpolation interpolation, int size, int count, double scale) {
        AxisMap map = new AxisMap(size, count, interpolation.taps());
        for (int i = 0; i < count; i++) {
            // PyTorch decides in single precision which element is the nearest.
            double at = switch (interpolation) {
                case NEAREST -> i * (float) scale;
                case NEAREST_EXACT -> Math.max(0, (float) scale * (i + 0.5f) - 0.5f) + 0.5f;
                case LINEAR -> Math.max(0, scale * (i + 0.5) - 0.5);
                case CUBIC -> scale * (i + 0.5) - 0.5;
            };
            map.put(i, interpolation, at);
        }
        return map;
    }

    /**
     * {@return another number of positions, the first and last lying on the first and last element}
     *
     * @param interpolation how values between elements follow
     * @param size positions of x, at least 1
     * @param count positions of y
     */
    public static AxisMap aligned(Interpolation interpolation, int size, int count) {
        AxisMap map = new AxisMap(size, count, interpolation.taps());
        double scale = count > 1 ? (size - 1.0) / (count - 1) : 0;
        for (int i = 0; i < count; i++) {
            map.put(i, interpolation, scale * i);
        }
        return map;
    }

    /** Each position taking nothing as yet. */
    static AxisMap empty(int size, int count, int taps) {
        AxisMap map = new AxisMap(size, count, taps);
        Arrays.fill(map.sources, NONE);
        return map;
    }

    /** To be called before anybody else has the map. */
    void put(int position, int tap, int source, float weight) {
        sources[position * taps + tap] = source;
        weights[position * taps + tap] = weight;
    }

    private void put(int i, Interpolation interpolation, double at) {
        int first = Math.min((int) Math.floor(at), size - 1);
        double behind = Math.clamp(at - first, 0, 1);
        for (int tap = 0; tap < taps; tap++) {
            sources[i * taps + tap] = Math.clamp((long) first + tap - interpolation.before(), 0, size - 1);
            weights[i * taps + tap] = (float) interpolation.weight(tap, behind);
        }
    }

    /** {@return the positions of x} */
    public int size() {
        return size;
    }

    /** {@return the positions of y} */
    public int count() {
        return count;
    }

    /** Elements that each position takes. */
    int taps() {
        return taps;
    }

    /** The position in x of a tap of a position of y, or {@link #NONE}. */
    int source(int position, int tap) {
        return sources[position * taps + tap];
    }

    float weight(int position, int tap) {
        return weights[position * taps + tap];
    }

    /** The part of the axis that is one of the other, each position as it is, where all others take nothing; null if it is not so. */
    PlaneWindow.@Nullable Run run() {
        if (taps > 1) {
            return null;
        }
        int from = 0;
        while (from < count && sources[from] == NONE) {
            from++;
        }
        int end = from;
        while (end < count && sources[end] == sources[from] + end - from && weights[end] == 1) {
            end++;
        }
        for (int i = end; i < count; i++) {
            if (sources[i] != NONE) {
                return null;
            }
        }
        return new PlaneWindow.Run(size, count, from == end ? 0 : sources[from], from == end ? 0 : from, end - from);
    }

    /** Whether some position takes nothing. */
    boolean hasNone() {
        return Arrays.stream(sources).anyMatch(source -> source == NONE);
    }
}
