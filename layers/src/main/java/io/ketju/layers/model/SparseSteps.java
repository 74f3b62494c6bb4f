package io.ketju.layers.model;

import io.ketju.layers.TouchedRows;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a step does with tables of which it touches some rows. It takes the rows some at a time, ascending: copies that lie side
 * by side, as a whole tensor that every kernel takes, and that stays in the cache from one kernel to the next. How many are
 * taken together depends on the table's columns alone, so nothing else changes a bit of what is summed over them. Tensors
 * without rows are taken whole, as they are.
 */
public final class SparseSteps {
    /** Of a table that are taken together, where a row has no more. */
    private static final int ELEMENTS = 1 << 15;

    /** The rows that are taken, int32; null where there are no tables. */
    private final @Nullable Tensor list;

    private final List<Tensor> room = new ArrayList<>();

    /**
     * @param most tables that are taken together
     * @param columns of the widest; 0 where there are none
     */
    SparseSteps(TensorArena arena, int most, int columns) {
        list = columns == 0 ? null : arena.allocate(DType.INT32, Shape.of(ELEMENTS));
        for (int i = 0; columns > 0 && i < most; i++) {
            room.add(arena.allocate(Shape.of(Math.max(ELEMENTS, columns))));
        }
    }

    /** What they take of an arena. */
    static long bytes(int most, int columns) {
        long ofTable = TensorArena.bytesFor(Shape.of(Math.max(ELEMENTS, columns)));
        return columns == 0 ? 0 : TensorArena.bytesFor(Shape.of(ELEMENTS)) + most * ofTable;
    }

    /**
     * {@return elements of a row}
     *
     * @param table its outermost dimension counts the rows
     */
    public static int columns(Tensor table) {
        return table.elements() / table.shape().dimension(0);
    }

    /**
     * Hands over what counts, for reading.
     *
     * @param kernels what copies the rows
     * @param table of which the rows that count are read, or all of it
     * @param reader called with the rows, [rows, columns], some at a time; with the whole tensor as it is if all of it counts
     */
    public void read(Kernels kernels, TableRows table, Consumer<Tensor> reader) {
        change(kernels, table.rows(), List.of(table.tensor()), 0, parts -> reader.accept(parts.getFirst()));
    }

    /**
     * Hands over what counts, to be changed in place.
     *
     * @param kernels what copies the rows, and copies them back
     * @param table of which the rows that count are changed, or all of it
     * @param change called with the rows, [rows, columns], some at a time; with the whole tensor as it is if all of it counts
     */
    public void change(Kernels kernels, TableRows table, Consumer<Tensor> change) {
        change(kernels, table.rows(), List.of(table.tensor()), 1, parts -> change.accept(parts.getFirst()));
    }

    /**
     * Hands over rows of tensors of one shape.
     *
     * @param touched null for all
     * @param written so many of the tensors, from the first, keep what the change leaves
     */
    void change(
            Kernels kernels,
            @Nullable TouchedRows touched,
            List<Tensor> tensors,
            int written,
            Consumer<List<Tensor>> change) {
        if (touched == null) {
            change.accept(tensors);
            return;
        }
        int columns = columns(tensors.getFirst());
        Tensor next = Objects.requireNonNull(list).samples(0, Math.max(1, ELEMENTS / columns));
        int count = touched.list(0, next);
        while (count > 0) {
            Tensor rows = next.samples(0, count);
            List<Tensor> parts = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i++) {
                Tensor part = room.get(i).samples(0, count * columns).view(Shape.of(count, columns));
                kernels.indexing().embeddingForward(tensors.get(i), rows, part);
                parts.add(part);
            }
            change.accept(parts);
            for (int i = 0; i < written; i++) {
                kernels.indexing().putRows(parts.get(i), rows, tensors.get(i));
            }
            count = touched.list(rows.getInt(count - 1) + 1, next);
        }
    }

    /** Adds the gradient of a further use to the first one's; its rows count with those that are there. */
    void add(Kernels kernels, TableRows use, TableRows sum) {
        if (sum.rows() == null || use.rows() == null) {
            kernels.elementwise().binary(Binary.ADD, sum.tensor(), use.tensor(), sum.tensor());
            sum.touchAll();
            return;
        }
        Tensor listed = Objects.requireNonNull(list);
        read(kernels, use, part -> {
            Tensor rows = listed.samples(0, part.shape().dimension(0));
            kernels.indexing().embeddingBackward(IndexingKernels.NO_PADDING, part, rows, sum.tensor());
        });
        sum.rows().add(use.rows());
    }
}
