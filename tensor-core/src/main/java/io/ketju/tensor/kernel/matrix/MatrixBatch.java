package io.ketju.tensor.kernel.matrix;

import java.util.List;

/** The same operand of many products of one shape: matrices at a fixed distance, or anywhere. */
public final class MatrixBatch {
    private final List<MatrixView> views;
    private final int count;
    private final int distance;

    private MatrixBatch(List<MatrixView> views, int count, int distance) {
        if (count < 0 || distance < 0) {
            throw new IllegalArgumentException(
                    "expected a count and a distance of at least 0, found " + count + " and " + distance);
        }
        this.views = views;
        this.count = count;
        this.distance = distance;
    }

    /**
     * {@return matrices in one tensor, at a fixed distance}
     *
     * @param first the first of them
     * @param count how many, at least 0
     * @param distance elements from the start of one to that of the next; 0: the same for all products
     * @throws IllegalArgumentException if the count or the distance is below 0
     */
    public static MatrixBatch strided(MatrixView first, int count, int distance) {
        return new MatrixBatch(List.of(first), count, distance);
    }

    /**
     * {@return matrices anywhere}
     *
     * @param views one of each product, in their order
     */
    public static MatrixBatch of(MatrixView... views) {
        return new MatrixBatch(List.of(views), views.length, 0);
    }

    /** {@return the number of matrices} */
    public int count() {
        return count;
    }

    MatrixView get(int index) {
        if (views.size() == count) {
            return views.get(index);
        }
        MatrixView first = views.getFirst();
        return new MatrixView(first.tensor(), first.offset() + index * distance, first.stride());
    }

    long address(int index) {
        return views.size() == count
                ? views.get(index).address()
                : views.getFirst().address() + (long) index * distance * 4L;
    }

    long strideBytes(int index) {
        return views.get(views.size() == count ? index : 0).strideBytes();
    }

    void check(String name, int rows, int columns) {
        if (views.size() == count) {
            for (MatrixView view : views) {
                view.check(name, rows, columns);
            }
        } else if (count > 0) {
            views.getFirst().check(name, rows, columns, (count - 1L) * distance);
        }
    }
}
