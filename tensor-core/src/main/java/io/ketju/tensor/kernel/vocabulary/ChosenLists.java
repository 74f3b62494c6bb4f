package io.ketju.tensor.kernel.vocabulary;

import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.setInt;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.VectorMemory;

/** Lists of what rows choose, by any threads: what each has is counted, counts are added up, then each knows where its list lies. */
record ChosenLists(
        Choices choices, int each, int others, long targets, long given, long starts, long chosen, long labels) {
    private static final long BYTES = Integer.BYTES;

    static ChosenLists of(Choices choices, Tensor starts, Tensor chosen, Tensor labels) {
        return new ChosenLists(
                choices,
                choices.each(),
                choices.othersOfEach(),
                VectorMemory.address(choices.targets()),
                VectorMemory.address(choices.others()),
                VectorMemory.address(starts),
                VectorMemory.address(chosen),
                VectorMemory.address(labels));
    }

    /** Of these rows. */
    void count(int from, int to) {
        for (int row = from; row < to; row++) {
            int count = 0;
            for (int i = row * each; i < (row + 1) * each; i++) {
                int target = getInt(targets + i * BYTES);
                if (!choices.leavesOut(target)) {
                    count += 1 + others - equal(target, given + i * BYTES * others);
                }
            }
            setInt(starts + (row + 1) * BYTES, count);
        }
    }

    private int equal(int target, long first) {
        int equal = 0;
        for (int j = 0; j < others; j++) {
            equal += getInt(first + j * BYTES) == target ? 1 : 0;
        }
        return equal;
    }

    void addUp() {
        setInt(starts, 0);
        int sum = 0;
        for (int row = 1; row <= choices.rows(); row++) {
            sum += getInt(starts + row * BYTES);
            setInt(starts + row * BYTES, sum);
        }
    }

    /** What these rows have. */
    void list(int from, int to) {
        for (int row = from; row < to; row++) {
            long at = getInt(starts + row * BYTES) * BYTES;
            for (int i = row * each; i < (row + 1) * each; i++) {
                int target = getInt(targets + i * BYTES);
                if (!choices.leavesOut(target)) {
                    at = list(at, target, given + i * BYTES * others);
                }
            }
        }
    }

    /** Where the next is to lie. */
    private long list(long first, int target, long from) {
        long at = first;
        setInt(chosen + at, target);
        set(labels + at, 1);
        at += BYTES;
        for (int j = 0; j < others; j++) {
            int other = getInt(from + j * BYTES);
            if (other != target) {
                setInt(chosen + at, other);
                set(labels + at, 0);
                at += BYTES;
            }
        }
        return at;
    }
}
