package io.ketju.layers.model.zoo;

import io.ketju.layers.model.Model;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** The model zoo by name, for job files. Each model has a file of its own; a new one is one more line here. */
public final class Models {
    private static final Registry<Model> REGISTRY = new Registry<>("model", entries());

    private Models() {}

    private static List<Entry<? extends Model>> entries() {
        List<Entry<? extends Model>> all = new ArrayList<>(List.of(
                LinearClassifier.ENTRY, SigmoidNetwork.ENTRY, MLP.ENTRY, Autoencoder.ENTRY, LeNet.FIVE, LeNet.ENTRY));
        all.addAll(AlexNet.ENTRIES);
        all.addAll(VGG.ENTRIES);
        all.addAll(ResNets.ENTRIES);
        all.addAll(List.of(
                MobileNetV1.ENTRY,
                MobileNetV2.ENTRY,
                MobileNetV3.LARGE,
                MobileNetV3.SMALL,
                EfficientNet.OWN,
                EfficientNet.B0));
        all.addAll(List.of(Word2Vec.SKIP_GRAM, Word2Vec.CBOW, TextCNN.ENTRY, LSTMClassifier.ENTRY));
        all.addAll(List.of(LanguageModel.ENTRY, Seq2Seq.ENTRY, Transformer.ENTRY, GPT.ENTRY));
        all.addAll(List.of(GAN.ENTRY, DCGAN.ENTRY, GCN.ENTRY, GraphSAGE.ENTRY, PolicyNetwork.ENTRY));
        return all;
    }

    /**
     * {@return an architecture by name}
     *
     * @param text {@code lenet5}, {@code resnet18} or {@code mlp}, or with sizes of one's own: {@code lenet(20, 50, 500)}, {@code mlp(784,
     *     512, 10)}
     * @throws IllegalArgumentException listing the known names, or saying which argument cannot be
     */
    public static Model named(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all architectures, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
