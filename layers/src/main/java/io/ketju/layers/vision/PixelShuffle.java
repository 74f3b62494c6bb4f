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
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * Channels become pixels: [samples, channels·factor², H, W] to [samples, channels, H·factor, W·factor], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html">torch.nn.PixelShuffle</a>; the channels of one channel of the
 * output are the pixels of a block, row by row. Shi et al. 2016.
 *
 * @param factor rows and columns of a block
 */
public record PixelShuffle(int factor) implements OneToOne {
    private static final String ARGUMENT = "upscale_factor";

    public static final Entry<Layer> ENTRY = Description.of("PixelShuffle", "Channels become pixels")
            .required(ARGUMENT, "rows and columns that a pixel becomes")
            .formula("y[c, h·r + i, w·r + j] = x[c·r² + i·r + j, h, w], r the upscale_factor")
            .shapes("[samples, channels·r², H, W] to [samples, channels, H·r, W·r]")
            .source("torch.nn.PixelShuffle; Shi et al. 2016")
            .readBy(arguments -> new PixelShuffle(arguments.integer(ARGUMENT)));

    /** The largest whose square is a number of channels. */
    private static final int FACTORS = 46340;

    /**
     * Pixels become channels again: [samples, channels, H·factor, W·factor] to [samples, channels·factor², H, W], as <a
     * href="https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html">torch.nn.PixelUnshuffle</a>.
     *
     * @param factor rows and columns of a block
     */
    public record Unshuffle(int factor) implements OneToOne {
        private static final String ARGUMENT = "downscale_factor";

        public static final Entry<Layer> ENTRY = Description.of("PixelUnshuffle", "Pixels become channels")
                .required(ARGUMENT, "rows and columns that become a pixel")
                .formula("y[c·r² + i·r + j, h, w] = x[c, h·r + i, w·r + j], r the downscale_factor")
                .shapes("[samples, channels, H·r, W·r] to [samples, channels·r², H, W]")
                .source("torch.nn.PixelUnshuffle")
                .readBy(arguments -> new Unshuffle(arguments.integer(ARGUMENT)));

        /**
         * Checks the factor.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Unshuffle {
            Arguments.requirePositive("PixelUnshuffle", ARGUMENT, factor);
        }

        @Override
        public Spec spec() {
            return Spec.of("PixelUnshuffle", factor);
        }

        @Override
        public TensorType output(TensorType input) {
            Shape shape = input.shape();
            Planes.IMAGES.require(shape);
            if (shape.dimension(2) % factor != 0 || shape.dimension(3) % factor != 0) {
                throw new IllegalArgumentException(
                        "expected images whose height and width are multiples of " + factor + ", found " + shape);
            }
            long channels = (long) factor * factor * shape.dimension(1);
            if (factor > FACTORS || channels > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "expected channels of at most 2^31-1 for blocks of " + factor + ", found " + shape);
            }
            return TensorType.floats(
                    shape.dimension(0), (int) channels, shape.dimension(2) / factor, shape.dimension(3) / factor);
        }

        @Override
        public Footprint footprint(TensorType input) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(TensorType input) {
            return input.shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            toChannels(pass, factor, pass.input(0), pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            toPixels(pass, factor, pass.gradOutput(0), pass.gradInput(0));
        }

        @Override
        public String toString() {
            return spec().toString();
        }
    }

    /**
     * Checks the factor.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PixelShuffle {
        Arguments.requirePositive("PixelShuffle", ARGUMENT, factor);
    }

    @Override
    public Spec spec() {
        return Spec.of("PixelShuffle", factor);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        Planes.IMAGES.require(shape);
        long block = (long) factor * factor;
        if (shape.dimension(1) % block != 0) {
            throw new IllegalArgumentException("expected a multiple of " + block + " channels, found " + shape);
        }
        long height = (long) factor * shape.dimension(2);
        long width = (long) factor * shape.dimension(3);
        if (Math.max(height, width) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected images of at most 2^31-1 pixels a side when they are " + factor
                    + " times as large, found " + shape);
        }
        return TensorType.floats(shape.dimension(0), (int) (shape.dimension(1) / block), (int) height, (int) width);
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        toPixels(pass, factor, pass.input(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        toChannels(pass, factor, pass.gradOutput(0), pass.gradInput(0));
    }

    private static void toPixels(Pass pass, int factor, Tensor channels, Tensor pixels) {
        Shape shape = channels.shape();
        int height = shape.dimension(2);
        int width = shape.dimension(3);
        int planes = pixels.shape().dimension(0) * pixels.shape().dimension(1);
        pass.kernels()
                .indexing()
                .permute(
                        channels.view(Shape.of(planes, factor, factor, height, width)),
                        pixels.view(Shape.of(planes, height, factor, width, factor)),
                        0,
                        3,
                        1,
                        4,
                        2);
    }

    private static void toChannels(Pass pass, int factor, Tensor pixels, Tensor channels) {
        Shape shape = channels.shape();
        int height = shape.dimension(2);
        int width = shape.dimension(3);
        int planes = pixels.shape().dimension(0) * pixels.shape().dimension(1);
        pass.kernels()
                .indexing()
                .permute(
                        pixels.view(Shape.of(planes, height, factor, width, factor)),
                        channels.view(Shape.of(planes, factor, factor, height, width)),
                        0,
                        2,
                        4,
                        1,
                        3);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
