package io.ketju.examples;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.examples.activations.Activations;
import io.ketju.examples.authors.Authors;
import io.ketju.examples.autoencoder.Autoencoder;
import io.ketju.examples.cartpole.CartPole;
import io.ketju.examples.cost.Cost;
import io.ketju.examples.descent.Descent;
import io.ketju.examples.gan.Gan;
import io.ketju.examples.gates.Gates;
import io.ketju.examples.gpt.Gpt;
import io.ketju.examples.initialvalues.InitialValues;
import io.ketju.examples.karate.Karate;
import io.ketju.examples.lenet.LeNet;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.memory.Memory;
import io.ketju.examples.multiplyadds.MultiplyAdds;
import io.ketju.examples.nearestneighbours.NearestNeighbours;
import io.ketju.examples.normalization.Normalization;
import io.ketju.examples.optimizers.OptimizersCompared;
import io.ketju.examples.overfitting.OverFitting;
import io.ketju.examples.residual.Residual;
import io.ketju.examples.samebits.SameBits;
import io.ketju.examples.scorefunction.ScoreFunction;
import io.ketju.examples.seq2seq.Seq2SeqAttention;
import io.ketju.examples.smallkernels.SmallKernels;
import io.ketju.examples.staleness.Staleness;
import io.ketju.examples.transformer.TransformerTranslation;
import io.ketju.examples.wordvectors.WordVectors;
import io.ketju.examples.xor.Xor;
import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.util.List;

/** All examples, in the order in which they are best read. */
public final class Examples {
    /** A new one is a line here, a room and a page. */
    public static final List<Example> ALL = List.of(
            new NearestNeighbours(),
            new ScoreFunction(),
            new Descent(),
            new Gates(),
            new Xor(),
            new Gan(),
            new Karate(),
            new CartPole(),
            new Autoencoder(),
            new Cost(),
            new OverFitting(),
            new InitialValues(),
            new Activations(),
            new Normalization(),
            new OptimizersCompared(),
            new LeNet(),
            new SmallKernels(),
            new Residual(),
            new MultiplyAdds(),
            new WordVectors(),
            new Authors(),
            new Memory(),
            new Gpt(),
            new Seq2SeqAttention(),
            new TransformerTranslation(),
            new SameBits(),
            new Staleness());

    private Examples() {}

    /** The example of a name; throws {@link InvalidJobException} with the nearest one if there is none. */
    public static Example named(String name) {
        List<String> known = ALL.stream().map(Example::name).toList();
        return ALL.stream()
                .filter(example -> example.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidJobException("unknown example '" + Excerpt.of(name) + "'"
                        + NearestName.hint(name, known) + "; there are " + String.join(", ", known)));
    }
}
