package io.ketju.layers.loss;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.OwnEntries;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * All losses by name: the inverse of {@link Loss#spec}. A new loss is one more line here; what every loss can be told beside its
 * own arguments, the reduction and the weights of samples, is added here.
 */
public final class Losses {
    /** All of them by name, as jobs write them, with those of a program's own ({@link OwnLosses}). */
    public static final Registry<Loss> REGISTRY = new Registry<>(
            "loss",
            Stream.of(
                            BCELoss.ENTRY,
                            BCEWithLogitsLoss.ENTRY,
                            CosineEmbeddingLoss.ENTRY,
                            CrossEntropyLoss.ENTRY,
                            CTCLoss.ENTRY,
                            GaussianNLLLoss.ENTRY,
                            HingeEmbeddingLoss.ENTRY,
                            HingeLoss.ENTRY,
                            HuberLoss.ENTRY,
                            KLDivLoss.ENTRY,
                            L1Loss.ENTRY,
                            MarginRankingLoss.ENTRY,
                            MSELoss.ENTRY,
                            MultiLabelMarginLoss.ENTRY,
                            MultiLabelSoftMarginLoss.ENTRY,
                            MultiMarginLoss.ENTRY,
                            NLLLoss.ENTRY,
                            OutputLoss.ENTRY,
                            PoissonNLLLoss.ENTRY,
                            QuadraticCost.ENTRY,
                            SmoothL1Loss.ENTRY,
                            SoftMarginLoss.ENTRY,
                            TripletMarginLoss.ENTRY)
                    .<Entry<? extends Loss>>map(Losses::withCommon)
                    .toList(),
            OwnEntries.found(OwnLosses.class).map(Losses::withCommon));

    private Losses() {}

    private static Entry<Loss> withCommon(Entry<Loss> entry) {
        boolean ownReduction = entry.description().arguments().stream()
                .anyMatch(argument -> argument.name().equals(SummedLoss.ARGUMENT));
        Description own = entry.description();
        Description all = (ownReduction
                        ? own
                        : own.named(SummedLoss.ARGUMENT, SummedLoss.MEAN, "mean or sum over the mini-batch"))
                .named(
                        SampleWeightedLoss.ARGUMENT,
                        false,
                        "whether the batch gives a weight for each sample as one more target, float32 [samples]");
        return new Entry<>(all, spec -> {
            Arguments arguments = Arguments.of(spec, all);
            Spec rest = spec.without(SampleWeightedLoss.ARGUMENT);
            Loss loss = entry.read(ownReduction ? rest : rest.without(SummedLoss.ARGUMENT));
            loss = arguments.flag(SampleWeightedLoss.ARGUMENT) ? new SampleWeightedLoss(loss) : loss;
            boolean sum = !ownReduction
                    && arguments
                            .word(SummedLoss.ARGUMENT, SummedLoss.MEAN, SummedLoss.SUM)
                            .equals(SummedLoss.SUM);
            return sum ? new SummedLoss(loss) : loss;
        });
    }

    /**
     * Reads a loss.
     *
     * @param text such as {@code CrossEntropyLoss()}
     * @return the loss
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Loss parse(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all losses, a program's own too, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
