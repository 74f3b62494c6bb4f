package io.ketju.layers.recurrent;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Where the steps of padded sequences lie when they are packed: step after step, and within a step one row for each
 * sequence that is as long, the longest sequence first and of equal ones the earlier (PyTorch's PackedSequence). So the
 * rows of a step continue the first ones of the step before it, and padding is nowhere.
 *
 * <p>States lie in one block of B + 1 rows more: first those before the first step, by rank, then the packed ones, and as
 * the last a row of zeros that stands for padding. Backwards a sequence is read from its own last step, so only where rows
 * come from differs.
 *
 * <p>All of it is in one int32 tensor:
 *
 * <pre>
 * batch | length | steps | rows | rows of each step [length] | sequence of each rank [batch]
 * | row of each rank's last step [batch] | state row before each row [batch·length]
 * | for each direction: element b·length + t of each row, then state row of each element [2·batch·length]
 * </pre>
 */
final class PackedOrder {
    private static final int BATCH = 0;
    private static final int LENGTH = 1;
    private static final int STEPS = 2;
    private static final int ROWS = 3;
    private static final int HEADER = 4;

    private final Tensor all;
    private final int batch;
    private final int length;

    private PackedOrder(Tensor all, int batch, int length) {
        this.all = all;
        this.batch = batch;
        this.length = length;
    }

    /** The tensor that holds it. */
    static TensorType type(int batch, int length, int directions) {
        long elements = HEADER + length + 2L * batch + (1L + 2L * directions) * batch * length;
        return TensorType.ints(Math.toIntExact(elements));
    }

    /** One that was written. */
    static PackedOrder of(Tensor all) {
        return new PackedOrder(all, all.getInt(BATCH), all.getInt(LENGTH));
    }

    /**
     * Writes it; throws {@link IllegalArgumentException} for a length below 0 or above the padded one.
     *
     * @param lengths int32 [batch]; null if no sequence is padded
     */
    static PackedOrder write(Tensor all, int batch, int length, @Nullable Tensor lengths, int directions) {
        all.setInt(BATCH, batch);
        all.setInt(LENGTH, length);
        PackedOrder order = new PackedOrder(all, batch, length);
        order.sort(lengths);
        order.place(lengths, directions);
        return order;
    }

    private int lengthOf(@Nullable Tensor lengths, int sequence) {
        int value = lengths == null ? length : lengths.getInt(sequence);
        if (value < 0 || value > length) {
            throw new IllegalArgumentException("length of sample " + sequence + " of the micro-batch: expected 0 to "
                    + length + ", found " + value);
        }
        return value;
    }

    private void sort(@Nullable Tensor lengths) {
        for (int t = 0; t < length; t++) {
            all.setInt(HEADER + t, 0);
        }
        for (int b = 0; b < batch; b++) {
            for (int t = lengthOf(lengths, b) - 1; t >= 0; t--) {
                all.setInt(HEADER + t, all.getInt(HEADER + t) + 1);
            }
        }
        int rank = 0;
        for (int wanted = length; wanted >= 0 && rank < batch; wanted--) {
            for (int b = 0; b < batch; b++) {
                if (lengthOf(lengths, b) == wanted) {
                    all.setInt(ranks() + rank++, b);
                }
            }
        }
    }

    private void place(@Nullable Tensor lengths, int directions) {
        for (int direction = 0; direction < directions; direction++) {
            for (int i = 0; i < batch * length; i++) {
                all.setInt(places(direction) + i, zeroRow());
            }
        }
        int row = 0;
        int steps = 0;
        int before = 0;
        for (int t = 0; t < length && count(t) > 0; t++) {
            int first = row;
            for (int rank = 0; rank < count(t); rank++) {
                int sequence = sequence(rank);
                all.setInt(lasts() + rank, row);
                all.setInt(previous() + row, before + rank);
                for (int direction = 0; direction < directions; direction++) {
                    int at = direction == 0 ? t : lengthOf(lengths, sequence) - 1 - t;
                    int element = sequence * length + at;
                    all.setInt(sources(direction) + row, element);
                    all.setInt(places(direction) + element, batch + row);
                }
                row++;
            }
            before = batch + first;
            steps++;
        }
        all.setInt(STEPS, steps);
        all.setInt(ROWS, row);
    }

    private int ranks() {
        return HEADER + length;
    }

    private int lasts() {
        return ranks() + batch;
    }

    private int previous() {
        return lasts() + batch;
    }

    private int sources(int direction) {
        return previous() + (1 + 2 * direction) * batch * length;
    }

    private int places(int direction) {
        return sources(direction) + batch * length;
    }

    int batch() {
        return batch;
    }

    /** Elements of the padded sequences. */
    int elements() {
        return batch * length;
    }

    /** The state row that is zero. */
    int zeroRow() {
        return batch + elements();
    }

    /** Steps of the longest sequence. */
    int steps() {
        return all.getInt(STEPS);
    }

    /** Packed rows. */
    int rows() {
        return all.getInt(ROWS);
    }

    /** Whether there is no padding: then the rows of states before all steps lie one behind the other. */
    boolean isFull() {
        return rows() == elements();
    }

    /** Rows of a step. */
    int count(int step) {
        return all.getInt(HEADER + step);
    }

    /** The sequence of a row of any step. */
    int sequence(int rank) {
        return all.getInt(ranks() + rank);
    }

    /** Packed row of the last step of a sequence by its rank; those of length 0, the last ranks, have none. */
    int last(int rank) {
        return all.getInt(lasts() + rank);
    }

    /** {@link #last} of the sequences that have steps. */
    Tensor lastRows() {
        return all.samples(lasts(), count(0));
    }

    /** Of each packed row the state row of the step before. */
    Tensor previousRows() {
        return all.samples(previous(), rows());
    }

    /** Of each packed row the element of the padded sequences. */
    Tensor sources(boolean reverse) {
        return all.samples(sources(reverse ? 1 : 0), rows());
    }

    /** Of each element of the padded sequences the state row; {@link #zeroRow} of padding. */
    Tensor places(boolean reverse) {
        return all.samples(places(reverse ? 1 : 0), elements());
    }
}
