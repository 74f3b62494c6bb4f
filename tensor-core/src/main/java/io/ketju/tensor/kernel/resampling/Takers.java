package io.ketju.tensor.kernel.resampling;

/** The positions of y that take from each position of x, with their weights, in ascending order of positions and then of taps. */
final class Takers {
    private final AxisMap map;
    private final int[] ends;
    private final int[] takers;
    private final float[] weights;

    Takers(AxisMap map) {
        this.map = map;
        int[] next = new int[map.size() + 1];
        for (int i = 0; i < map.count(); i++) {
            for (int tap = 0; tap < map.taps(); tap++) {
                next[map.source(i, tap) + 1]++;
            }
        }
        // Those that take nothing are counted in front, and left out.
        next[0] = 0;
        for (int position = 0; position < map.size(); position++) {
            next[position + 1] += next[position];
        }
        takers = new int[next[map.size()]];
        weights = new float[takers.length];
        for (int i = 0; i < map.count(); i++) {
            for (int tap = 0; tap < map.taps(); tap++) {
                int source = map.source(i, tap);
                if (source != AxisMap.NONE) {
                    weights[next[source]] = map.weight(i, tap);
                    takers[next[source]++] = i;
                }
            }
        }
        ends = next;
    }

    /** The first of those of a position. */
    int begin(int position) {
        return position == 0 ? 0 : ends[position - 1];
    }

    /** Behind the last of those of a position. */
    int end(int position) {
        return ends[position];
    }

    /** The position of y. */
    int taker(int index) {
        return takers[index];
    }

    float weight(int index) {
        return weights[index];
    }

    /** The most that one position has. */
    int most() {
        int most = 0;
        for (int position = 0; position < map.size(); position++) {
            most = Math.max(most, end(position) - begin(position));
        }
        return most;
    }

    /** What leads back: each position of x takes from those that took from it. */
    AxisMap transposed() {
        AxisMap back = AxisMap.empty(map.count(), map.size(), Math.max(1, most()));
        for (int position = 0; position < map.size(); position++) {
            for (int index = begin(position); index < end(position); index++) {
                back.put(position, index - begin(position), takers[index], weights[index]);
            }
        }
        return back;
    }
}
