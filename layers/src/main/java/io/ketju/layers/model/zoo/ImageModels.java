package io.ketju.layers.model.zoo;

import io.ketju.layers.model.Model;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;

/** Networks over images by name, in the order of the page. */
final class ImageModels {
    static final List<Entry<? extends Model>> ENTRIES = entries();

    private ImageModels() {}

    private static List<Entry<? extends Model>> entries() {
        List<Entry<? extends Model>> all = new ArrayList<>(List.of(
                LinearClassifier.ENTRY,
                SigmoidNetwork.ENTRY,
                Autoencoder.ENTRY,
                AlexNet.TORCHVISION,
                AlexNet.NARROW,
                AlexNet.TWO_COLUMNS));
        all.addAll(VGG.ENTRIES);
        all.addAll(ResNets.ENTRIES);
        all.addAll(List.of(
                MobileNetV1.ENTRY,
                MobileNetV2.ENTRY,
                MobileNetV3.LARGE,
                MobileNetV3.SMALL,
                EfficientNet.OWN,
                EfficientNet.B0));
        return List.copyOf(all);
    }
}
