package io.ketju.tensor.kernel.resampling;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/**
 * What each position of a plane of y takes of the plane of x: what its row takes, of that what its column takes.
 *
 * @param rows of the height
 * @param columns of the width
 */
public record PlaneMap(AxisMap rows, AxisMap columns) {
    /**
     * Checks that the axes go together.
     *
     * @throws IllegalArgumentException if one has positions that take nothing, and positions take more than one element
     */
    public PlaneMap {
        if ((rows.hasNone() || columns.hasNone()) && rows.taps() * columns.taps() > 1) {
            throw new IllegalArgumentException("resampling: expected no position without a source among weighted ones");
        }
    }

    /** Throws {@link IllegalArgumentException} unless x and y are images of the sizes, of equally many planes. */
    void require(Tensor x, Tensor y) {
        Shape in = x.shape();
        Shape out = y.shape();
        boolean fits = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32 && in.rank() == 4 && out.rank() == 4;
        fits = fits && in.dimension(0) == out.dimension(0) && in.dimension(1) == out.dimension(1);
        fits = fits && in.dimension(2) == rows.size() && in.dimension(3) == columns.size();
        if (!fits || out.dimension(2) != rows.count() || out.dimension(3) != columns.count()) {
            throw new IllegalArgumentException("resampling: expected float32 planes of " + rows.size() + " x "
                    + columns.size() + " and as many of " + rows.count() + " x " + columns.count() + ", found " + x
                    + " and "
                    + y);
        }
    }
}
