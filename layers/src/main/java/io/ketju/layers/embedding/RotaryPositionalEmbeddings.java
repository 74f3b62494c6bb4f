package io.ketju.layers.embedding;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Unary;
import java.util.Collections;

/**
 * Turns the pairs of columns of each head by angles that grow with the position (Su et al. 2021, section 3.4), so that products
 * of queries and keys depend on their distance: [samples, positions, heads · dim] to the same, for queries and for keys before
 * an attention. Pair i of position t is turned by {@code t / base^(2i / dim)}. Nothing is learned or kept, and there is no
 * longest position.
 *
 * @param dim columns of a head, an even number
 * @param base of the wavelengths
 * @param interleaved whether a pair is columns 2i and 2i + 1, as in the paper and in torchtune; otherwise i and i + dim / 2, as
 *     GPT-NeoX and Llama's converted weights have it
 */
public record RotaryPositionalEmbeddings(int dim, double base, boolean interleaved) implements OneToOne {
    private static final String NAME = "RotaryPositionalEmbeddings";

    public static final Entry<Layer> ENTRY = Description.of(
                    NAME, "Turns pairs of columns by angles that grow with the position")
            .required("dim", "columns of a head, an even number")
            .named("base", Angles.DEFAULT_BASE, "wavelengths go from 2π to 2π · base")
            .named(
                    "interleaved",
                    true,
                    "whether a pair is columns 2i and 2i + 1 (the paper, torchtune); otherwise i and i + dim / 2 (GPT-NeoX)")
            .formula(
                    "(a, b) to (a · cos φ - b · sin φ, b · cos φ + a · sin φ), φ = t / base^(2i / dim) of pair i, position t")
            .shapes("[samples, positions, heads · dim] to the same")
            .source("torchtune.modules.RotaryPositionalEmbeddings; Su et al. 2021")
            .readBy(arguments -> new RotaryPositionalEmbeddings(
                    arguments.integer("dim"), arguments.number("base"), arguments.flag("interleaved")));

    private static final int[] TO_PLANES = {2, 0, 1};
    private static final int[] FROM_PLANES = {1, 2, 0};
    /** Its own inverse. */
    private static final int[] SWAP = {1, 0, 2};

    private static final int PLANES = 0;
    private static final int TURNED = 1;
    private static final int SINES = 2;
    private static final int MINUS_SINES = 3;
    private static final int COSINES = 4;
    private static final int TABLE = 5;

    /**
     * Checks columns and base.
     *
     * @throws IllegalArgumentException naming the argument, if dim is not even and above 0 or base is not above 1
     */
    public RotaryPositionalEmbeddings {
        Angles.require(NAME, "dim", dim, base);
    }

    /**
     * Pairs of neighbours, with the paper's base, 10,000.
     *
     * @param dim columns of a head, an even number
     */
    public RotaryPositionalEmbeddings(int dim) {
        this(dim, Angles.DEFAULT_BASE, true);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of(NAME, dim).withNumber("base", base).with("interleaved", interleaved));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 3 || shape.dimension(2) == 0 || shape.dimension(2) % dim != 0) {
            throw new IllegalArgumentException(
                    "expected input [samples, positions, a multiple of " + dim + "], found " + shape);
        }
        return input;
    }

    /** Both planes of all pairs before and after the turn; sines of both signs and cosines of a sample, and those of a head. */
    @Override
    public Footprint footprint(TensorType input) {
        Shape shape = input.shape();
        TensorType ofSample = TensorType.floats(shape.sample().elements() / 2);
        return Footprint.NOTHING.workingIn(
                TensorType.floats(shape.elements()),
                TensorType.floats(shape.elements()),
                ofSample,
                ofSample,
                ofSample,
                TensorType.floats(shape.dimension(1) * dim));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return 3L * input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        turn(pass, pass.input(0), pass.output(0), MINUS_SINES, SINES);
    }

    /** The other way round. */
    @Override
    public void backwardInput(Pass pass) {
        turn(pass, pass.gradOutput(0), pass.gradInput(0), SINES, MINUS_SINES);
    }

    /**
     * Each plane of {@code to} is one of {@code from} times the cosine plus the other times a sine.
     *
     * @param first which sines the first plane takes
     * @param second which the second
     */
    private void turn(Pass pass, Tensor from, Tensor to, int first, int second) {
        Kernels kernels = pass.kernels();
        int samples = from.shape().dimension(0);
        fillTables(pass, from.shape().dimension(1), from.shape().dimension(2) / dim);
        int ofHeads = from.elements() / dim;
        Shape pairs = interleaved ? Shape.of(ofHeads, dim / 2, 2) : Shape.of(ofHeads, 2, dim / 2);
        Shape planes = Shape.of(2, ofHeads, dim / 2);
        Tensor before = pass.workspace(PLANES).view(planes);
        Tensor after = pass.workspace(TURNED).view(planes);
        kernels.indexing().permute(from.view(pairs), before, interleaved ? TO_PLANES : SWAP);
        Shape bySample = Shape.of(2 * samples, from.shape().sample().elements() / 2);
        Tensor x = before.view(bySample);
        Tensor y = after.view(bySample);
        Tensor cosines = pass.workspace(COSINES);
        for (int s = 0; s < samples; s++) {
            Tensor a = x.samples(s, 1);
            Tensor b = x.samples(samples + s, 1);
            kernels.elementwise().sumOfProducts(a, cosines, b, pass.workspace(first), y.samples(s, 1));
            kernels.elementwise().sumOfProducts(b, cosines, a, pass.workspace(second), y.samples(samples + s, 1));
        }
        kernels.indexing().permute(after, to.view(pairs), interleaved ? FROM_PLANES : SWAP);
    }

    /** Of all heads of each position. */
    private void fillTables(Pass pass, int positions, int heads) {
        Kernels kernels = pass.kernels();
        Tensor table = pass.workspace(TABLE).view(Shape.of(2, positions * (dim / 2)));
        Tensor sines = table.samples(0, 1);
        Tensor cosines = table.samples(1, 1);
        new Angles(dim, base).fill(positions, sines, cosines, dim / 2, 1, 0);
        kernels.indexing().concat(positions, Collections.nCopies(heads, sines), pass.workspace(SINES));
        kernels.indexing().concat(positions, Collections.nCopies(heads, cosines), pass.workspace(COSINES));
        kernels.elementwise().unary(Unary.NEG, pass.workspace(SINES), pass.workspace(MINUS_SINES));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
