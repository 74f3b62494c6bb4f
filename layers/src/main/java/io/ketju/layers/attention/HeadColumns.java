package io.ketju.layers.attention;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.List;

/**
 * Columns of a tensor [B, L, own · width] as the kernel has them, head by head, [B, heads, L, wide]: fewer heads of keys and
 * values than of queries serve several of these each, one group after the other, and what is narrower than the kernel's width
 * is filled up with zeros, which change no bit of what is computed of the others.
 *
 * @param own heads that the tensor has
 * @param width columns of each of them
 */
record HeadColumns(int own, int width) {
    /** Its own inverse. */
    static final int[] TO_HEADS = {0, 2, 1, 3};

    /** What it works in: as many as {@link #room} says. */
    record Room(Tensor narrow, Tensor rest, Tensor grouped) {}

    /** Types of the room for tensors of at most so many elements by the kernel's heads and width. */
    static TensorType[] room(int elements) {
        TensorType flat = TensorType.floats(elements);
        return new TensorType[] {flat, flat, flat};
    }

    private Shape shape(Shape byHead, int columns) {
        return Shape.of(byHead.dimension(0), own, byHead.dimension(2), columns);
    }

    private static Tensor flat(Tensor room, Shape shape) {
        return room.samples(0, shape.elements()).view(shape);
    }

    private boolean isNarrow(Shape byHead) {
        return width < byHead.dimension(3);
    }

    /** The tensor with its columns cut. */
    private Tensor cut(Tensor tensor, Shape byHead) {
        return tensor.view(Shape.of(byHead.dimension(0), byHead.dimension(2), own, width));
    }

    /** Overwrites a tensor [B, heads, L, wide]. */
    void spread(Kernels kernels, Tensor from, Room room, Tensor byHead) {
        Shape all = byHead.shape();
        boolean repeated = own < all.dimension(1);
        Tensor wide = repeated ? flat(room.grouped(), shape(all, all.dimension(3))) : byHead;
        Tensor narrow = isNarrow(all) ? flat(room.narrow(), shape(all, width)) : wide;
        kernels.indexing().permute(cut(from, all), narrow, TO_HEADS);
        if (isNarrow(all)) {
            Tensor zeros = flat(room.rest(), shape(all, all.dimension(3) - width));
            zeros.clear();
            kernels.indexing().concat(rows(narrow), List.of(narrow, zeros), wide);
        }
        if (repeated) {
            int each = all.dimension(1) / own;
            for (int head = 0; head < all.dimension(0) * all.dimension(1); head++) {
                kernels.elementwise().copy(head(wide, head / each), head(byHead, head));
            }
        }
    }

    /** Overwrites a tensor [B, L, own · width]: with the sums over the heads of a group, in their order. */
    void gather(Kernels kernels, Tensor byHead, Room room, Tensor to) {
        Shape all = byHead.shape();
        boolean repeated = own < all.dimension(1);
        Tensor wide = repeated ? flat(room.grouped(), shape(all, all.dimension(3))) : byHead;
        if (repeated) {
            int each = all.dimension(1) / own;
            for (int head = 0; head < all.dimension(0) * all.dimension(1); head++) {
                Tensor sum = head(wide, head / each);
                if (head % each == 0) {
                    kernels.elementwise().copy(head(byHead, head), sum);
                } else {
                    kernels.elementwise().binary(Binary.ADD, sum, head(byHead, head), sum);
                }
            }
        }
        Tensor narrow = isNarrow(all) ? flat(room.narrow(), shape(all, width)) : wide;
        if (isNarrow(all)) {
            Tensor rest = flat(room.rest(), shape(all, all.dimension(3) - width));
            kernels.indexing().split(rows(narrow), wide, List.of(narrow, rest));
        }
        kernels.indexing().permute(narrow, cut(to, all), TO_HEADS);
    }

    private static int rows(Tensor narrow) {
        Shape shape = narrow.shape();
        return shape.dimension(0) * shape.dimension(1) * shape.dimension(2);
    }

    /** One head of one sample. */
    private static Tensor head(Tensor byHead, int index) {
        Shape shape = byHead.shape();
        Shape heads = Shape.of(shape.dimension(0) * shape.dimension(1), shape.dimension(2), shape.dimension(3));
        return byHead.view(heads).samples(index, 1);
    }
}
