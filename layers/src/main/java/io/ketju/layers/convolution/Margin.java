package io.ketju.layers.convolution;

import io.ketju.layers.padding.Edges;
import io.ketju.layers.padding.Sides;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a convolution finds around its input. Zeros as many before as behind are the window's own padding, which kernels see to;
 * anything else is put around a copy of the input.
 *
 * @param mode what is shown there
 * @param more rows and columns behind than the window's padding, 0 or 1: those of a kernel without a middle that keeps the size
 */
public record Margin(PaddingMode mode, Pair more) {
    /** Zeros, as many before as behind. */
    public static final Margin NONE = new Margin(PaddingMode.ZEROS, Pair.of(0));

    private static final String ARGUMENT = "padding_mode";

    /**
     * Checks how much more there is behind.
     *
     * @throws IllegalArgumentException unless it is 0 or 1 rows and columns
     */
    public Margin {
        if (more.rows() < 0 || more.rows() > 1 || more.columns() < 0 || more.columns() > 1) {
            throw new IllegalArgumentException("margin: expected 0 or 1 rows and columns more, found " + more);
        }
    }

    /** With the argument {@code padding_mode}. */
    static Description describe(Description description) {
        return description.optional(
                ARGUMENT,
                PaddingMode.ZEROS,
                "what the padding shows: zeros, or as the Pad layers reflect, replicate or circular");
    }

    /** Around the input of this window, whose padding is that before it. */
    static Margin of(Arguments arguments, Window window) {
        String[] known =
                Arrays.stream(PaddingMode.values()).map(PaddingMode::toString).toArray(String[]::new);
        PaddingMode mode = PaddingMode.valueOf(arguments.word(ARGUMENT, known).toUpperCase(Locale.ROOT));
        boolean same = arguments.word("padding").equals("same");
        Pair more = same ? new Pair((window.extentY() - 1) % 2, (window.extentX() - 1) % 2) : Pair.of(0);
        return new Margin(mode, more);
    }

    /** This without what keeps the size. */
    Margin even() {
        return new Margin(mode, Pair.of(0));
    }

    /** Whether it keeps the size by one position more at one end. */
    boolean uneven() {
        return !more.equals(Pair.of(0));
    }

    /** Whether the convolution goes over a copy of its input. */
    boolean copies(Window window) {
        return uneven() || (mode != PaddingMode.ZEROS && Math.max(window.padY(), window.padX()) > 0);
    }

    /** What is put around the copy. */
    Edges edges(Window window) {
        boolean all = mode != PaddingMode.ZEROS;
        int top = all ? window.padY() : 0;
        int left = all ? window.padX() : 0;
        return new Edges(mode, new Sides(top, top + more.rows()), new Sides(left, left + more.columns()));
    }

    /** The window over the copy. */
    Window inside(Window window) {
        return mode == PaddingMode.ZEROS ? window : Windows.withPadding(window, 0, 0);
    }

    /** Throws {@link IllegalArgumentException} if it is uneven and does not keep the size. */
    void require(String layer, Window window) {
        boolean steps = Math.max(window.strideY(), window.strideX()) > 1;
        boolean rows = 2L * window.padY() + more.rows() == window.extentY() - 1;
        boolean columns = 2L * window.padX() + more.columns() == window.extentX() - 1;
        if (uneven() && (steps || !rows || !columns)) {
            throw new IllegalArgumentException(layer + ": argument 'padding': expected numbers, found same for "
                    + window + ", which does not keep the size");
        }
    }

    Spec addTo(Spec spec) {
        Spec result = uneven() ? spec.with("padding", "same") : spec;
        return mode == PaddingMode.ZEROS ? result : result.with(ARGUMENT, mode);
    }

    /** Throws {@link IllegalArgumentException} unless the argument is zeros. */
    static void requireZeros(Arguments arguments) {
        arguments.word(ARGUMENT, PaddingMode.ZEROS.toString());
    }
}
