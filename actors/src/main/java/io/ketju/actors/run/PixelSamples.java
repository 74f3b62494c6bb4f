package io.ketju.actors.run;

import io.ketju.data.InputProfile;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.Inversion;
import io.ketju.data.image.Normalization;
import io.ketju.tensor.Shape;
import java.nio.file.Path;

/** Makes samples of pixels and image files, normalised as the training data was. Not thread-safe. */
final class PixelSamples {
    private final KnownInputs inputs;

    PixelSamples(KnownInputs inputs) {
        this.inputs = inputs;
    }

    float[] ofPixels(int[] pixels) {
        Normalization normalization = normalization();
        float[] sample = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] < 0 || pixels[i] > 255) {
                throw new IllegalArgumentException("pixel " + i + ": expected 0 to 255, found " + pixels[i]);
            }
            sample[i] = normalization.apply(pixels[i], 255);
        }
        return sample;
    }

    float[] ofImage(Path image, Shape shape) {
        return ImageFile.read(image, shape, normalization(), Inversion.AUTO).values();
    }

    private Normalization normalization() {
        return inputs.profile()
                .flatMap(InputProfile::normalization)
                .orElseThrow(() -> new IllegalStateException(
                        "the data that this model learnt from says nothing of pixels: normalise the sample as that data"
                                + " was, and call predict"));
    }
}
