package io.ketju.layers.vision;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.resampling.AxisMap;
import io.ketju.tensor.kernel.resampling.Interpolation;
import io.ketju.tensor.kernel.resampling.PlaneMap;
import java.util.Arrays;
import java.util.Locale;

/**
 * Planes of another size, each position taking the value of the input where it lies, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html">torch.nn.Upsample</a>, UpsamplingNearest2d and
 * UpsamplingBilinear2d. No antialiasing where planes become smaller. Gradients are those of the elements that were taken; PyTorch
 * 2.13's are not where mode nearest has a factor that keeps the size.
 *
 * @param form under which name it is written
 * @param enlargement how large
 * @param mode what stands between elements
 * @param alignCorners whether the first and last elements keep their values, rather than the edges their places
 */
public record Upsample(Form form, Enlargement enlargement, Mode mode, boolean alignCorners) implements OneToOne {
    /** Under which name it is written. */
    public enum Form {
        /** Upsample, with any mode. */
        UPSAMPLE("Upsample"),
        /** UpsamplingNearest2d: images, mode nearest. */
        NEAREST_2D("UpsamplingNearest2d"),
        /** UpsamplingBilinear2d: images, mode bilinear with aligned corners. */
        BILINEAR_2D("UpsamplingBilinear2d");

        private final String text;

        Form(String text) {
            this.text = text;
        }

        /** Its spec does not say them where the name does. */
        private void require(Mode mode, boolean alignCorners) {
            Mode own = this == NEAREST_2D ? Mode.NEAREST : this == BILINEAR_2D ? Mode.BILINEAR : mode;
            boolean aligned = this == UPSAMPLE ? alignCorners : this == BILINEAR_2D;
            if (mode != own || alignCorners != aligned) {
                throw new IllegalArgumentException(text + ": expected mode " + own + " and align_corners " + aligned
                        + ", found " + mode + " and " + alignCorners + "; Upsample takes any");
            }
        }
    }

    /** What stands between elements. */
    public enum Mode {
        /** The element at {@code ⌊i·step⌋}. */
        NEAREST(Interpolation.NEAREST),
        /** The element whose middle is nearest. */
        NEAREST_EXACT(Interpolation.NEAREST_EXACT),
        /** A line between two neighbours, of sequences. */
        LINEAR(Interpolation.LINEAR),
        /** Lines between two rows and two columns, of images. */
        BILINEAR(Interpolation.LINEAR),
        /** Cubics through four rows and four columns, of images. */
        BICUBIC(Interpolation.CUBIC);

        private final Interpolation interpolation;

        Mode(Interpolation interpolation) {
            this.interpolation = interpolation;
        }

        private Planes planes(Form form, Shape input) {
            boolean images = form != Form.UPSAMPLE || this == BILINEAR || this == BICUBIC;
            images |= copies() && input.rank() == 4;
            return images ? Planes.IMAGES : Planes.SEQUENCES;
        }

        /** Whether elements are taken as they are. */
        private boolean copies() {
            return this == NEAREST || this == NEAREST_EXACT;
        }

        /** As arguments are written. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String SIZE = "size of the result: a number, or a pair of rows and columns";
    private static final String FACTOR = "or how many times the size it becomes, rounded down: a number, or a pair";

    public static final Entry<Layer> ENTRY = Description.of("Upsample", "Planes of another size")
            .derived("size", "None", SIZE)
            .derived("scale_factor", "None", FACTOR)
            .optional(
                    "mode",
                    Mode.NEAREST,
                    "nearest, nearest-exact, linear (of sequences), bilinear or bicubic (of images): what stands between"
                            + " elements")
            .optionalOrNone(
                    "align_corners", false, "whether the corners keep their values; not with nearest, nearest-exact")
            .optionalOrNone(
                    "recompute_scale_factor", false, "whether the step follows from the sizes, not from scale_factor")
            .formula(
                    "y[i] = x at (i + 1/2)·step - 1/2, nearest: at ⌊i·step⌋, nearest-exact: at ⌊(i + 1/2)·step⌋; step = 1 / scale_factor, or L / size; with"
                            + " align_corners y[i] = x at i·(L - 1) / (size - 1)")
            .shapes("[samples, channels, L] to [samples, channels, size], or [samples, channels, H, W] to [samples,"
                    + " channels, size]")
            .source("torch.nn.Upsample; bicubic: Keys 1981")
            .readBy(Upsample::of);

    public static final Entry<Layer> NEAREST_2D =
            entry(Form.NEAREST_2D, Mode.NEAREST, "Images of another size, without new values");

    public static final Entry<Layer> BILINEAR_2D =
            entry(Form.BILINEAR_2D, Mode.BILINEAR, "Images of another size, with values between those of the corners");

    private static Entry<Layer> entry(Form form, Mode mode, String summary) {
        boolean align = mode == Mode.BILINEAR;
        return Description.of(form.text, summary)
                .derived("size", "None", SIZE)
                .derived("scale_factor", "None", FACTOR)
                .formula("Upsample(size, scale_factor, mode=" + mode + (align ? ", align_corners=true)" : ")"))
                .shapes("[samples, channels, H, W] to [samples, channels, size]")
                .source("torch.nn." + form.text)
                .readBy(arguments -> new Upsample(form, Enlargement.of(arguments), mode, align));
    }

    private static Upsample of(Arguments arguments) {
        String[] known = Arrays.stream(Mode.values()).map(Mode::toString).toArray(String[]::new);
        Mode mode = Mode.valueOf(
                arguments.word("mode", known).toUpperCase(Locale.ROOT).replace('-', '_'));
        return new Upsample(Form.UPSAMPLE, Enlargement.of(arguments), mode, arguments.flag("align_corners"));
    }

    /**
     * Checks size or factors, that nearest elements have no aligned corners, and that other names have what they stand for.
     *
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public Upsample {
        enlargement.require(form.text);
        form.require(mode, alignCorners);
        if (alignCorners && mode.copies()) {
            throw new IllegalArgumentException(
                    form.text + ": argument 'align_corners': expected false with mode " + mode + ", found true");
        }
    }

    /**
     * The nearest element, by a factor.
     *
     * @param scaleFactor how many times the size, for all sides, above 0; sizes are rounded down
     */
    public Upsample(double scaleFactor) {
        this(Form.UPSAMPLE, Enlargement.by(scaleFactor), Mode.NEAREST, false);
    }

    @Override
    public Spec spec() {
        Spec spec = enlargement.addTo(Spec.of(form.text));
        if (form != Form.UPSAMPLE) {
            return spec;
        }
        spec = mode == Mode.NEAREST ? spec : spec.with("mode", mode);
        return alignCorners ? spec.with("align_corners", true) : spec;
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        Planes planes = mode.planes(form, shape);
        return enlargement.output(planes, shape);
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** A multiplication and an addition for each element that is taken, one where it is only copied. */
    @Override
    public long forwardFlops(TensorType input) {
        long taken = mode.copies() ? 1 : 4L * (mode == Mode.BICUBIC ? 4 : 2);
        return taken * output(input).shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels()
                .resampling()
                .forward(
                        map(pass.input(0).shape(), pass.output(0).shape()),
                        0,
                        Planes.of(pass.input(0)),
                        Planes.of(pass.output(0)));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels()
                .resampling()
                .backward(
                        map(pass.gradInput(0).shape(), pass.gradOutput(0).shape()),
                        Planes.of(pass.gradOutput(0)),
                        Planes.of(pass.gradInput(0)));
    }

    private PlaneMap map(Shape from, Shape to) {
        int last = from.rank() - 1;
        AxisMap columns = axis(last - 2, from.dimension(last), to.dimension(last));
        AxisMap rows = last == 3 ? axis(0, from.dimension(2), to.dimension(2)) : AxisMap.identity(1);
        return new PlaneMap(rows, columns);
    }

    private AxisMap axis(int side, int size, int count) {
        return alignCorners
                ? AxisMap.aligned(mode.interpolation, size, count)
                : AxisMap.resized(mode.interpolation, size, count, enlargement.distance(side, size, count));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
