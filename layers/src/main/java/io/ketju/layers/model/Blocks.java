package io.ketju.layers.model;

import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.catalogue.Catalogue.Section;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import java.util.List;

/** Blocks that lines of a model may name as if they were layers; what a model prints are the layers themselves. */
public final class Blocks {
    private static final List<Entry<? extends Wiring>> ENTRIES = List.of(
            MultiheadAttention.ENTRY,
            TransformerEncoderLayer.ENTRY,
            TransformerDecoderLayer.ENTRY,
            TransformerStack.ENCODER,
            TransformerStack.DECODER,
            TransformerStack.BOTH,
            AdditiveAttention.ENTRY,
            LuongAttention.ENTRY,
            GCNConv.ENTRY,
            GATConv.ENTRY,
            SAGEConv.ENTRY,
            BasicBlock.ENTRY,
            Bottleneck.ENTRY,
            InvertedResidual.ENTRY,
            DepthwiseSeparable.ENTRY,
            SqueezeExcitation.ENTRY);

    /** All by name. */
    public static final Registry<Wiring> REGISTRY = new Registry<>("block", ENTRIES);

    /** Their command and page. */
    public static final Catalogue CATALOGUE = new Catalogue(
            "blocks",
            "block",
            "Blocks",
            "What a job's `model.layers` takes besides layers: a line that names one writes its layers, under the line's name, so"
                    + " that a model may be cut within. Names of parameters are those of PyTorch's modules.",
            List.of(new Section("", REGISTRY.descriptions())));

    private Blocks() {}

    /** Throws {@link IllegalArgumentException} unless samples are outermost. */
    static void requireBatchFirst(Arguments arguments) {
        if (!arguments.flag("batch_first")) {
            throw new IllegalArgumentException(arguments.spec().name()
                    + ": argument 'batch_first': expected true, since samples are outermost, found false");
        }
    }
}
