package io.ketju.data.image;

import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.DatasetSamples;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.data.SampleBatches;
import io.ketju.data.SampleSource;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Images that vary from epoch to epoch where they are taken in a random order, which is how they are learnt from, and stay as they
 * are, or are the middle of what they were, in any other.
 */
public final class AugmentedImages implements Dataset {
    private final ImageDataset images;
    private final Augmentation augmentation;
    private final Shape shape;
    private final String identity;

    private AugmentedImages(ImageDataset images, Augmentation augmentation) {
        Shape of = images.inputShape();
        this.images = images;
        this.augmentation = augmentation;
        int height = augmentation.out(of.dimension(1));
        int width = augmentation.out(of.dimension(2));
        if (!augmentation.resized()
                && (height > of.dimension(1) + 2 * augmentation.padding()
                        || width > of.dimension(2) + 2 * augmentation.padding())) {
            throw new IllegalArgumentException("argument 'size': expected at most "
                    + (Math.min(of.dimension(1), of.dimension(2)) + 2 * augmentation.padding())
                    + ", the size of the images with their padding, found " + augmentation.size());
        }
        this.shape = Shape.of(of.dimension(0), height, width);
        IdentityHash hash = new IdentityHash("ketju-augmented-1").add(images.identity());
        augmentation.addTo(hash);
        identity = hash.hex();
    }

    /**
     * {@return both halves of a data set: what is learnt from varies}
     *
     * @param data whose halves are {@link ImageDataset}s, of which the pixels are shared
     * @param augmentation what may happen to an image
     * @throws IllegalArgumentException if they are no images, or smaller than what is to come out
     */
    public static TrainTest of(TrainTest data, Augmentation augmentation) {
        if (!(data.train() instanceof ImageDataset train) || !(data.test() instanceof ImageDataset test)) {
            throw new IllegalArgumentException(
                    "expected images of classes to vary, found " + data.train().name());
        }
        return new TrainTest(new AugmentedImages(train, augmentation), new AugmentedImages(test, augmentation));
    }

    @Override
    public BatchSource batches(String input, String target, int batchSize, int microbatches, BatchOrder order) {
        SampleSource plain = new DatasetSamples(this, input, target);
        SampleSource samples =
                order instanceof BatchOrder.Shuffled shuffled ? new Varied(plain, input, shuffled.seed()) : plain;
        return new SampleBatches(samples, batchSize, microbatches, order);
    }

    /** The same samples with other inputs in every data epoch. */
    private final class Varied implements SampleSource {
        private final SampleSource plain;
        private final String input;
        private final long seed;

        Varied(SampleSource plain, String input, long seed) {
            this.plain = plain;
            this.input = input;
            this.seed = seed;
        }

        @Override
        public String name() {
            return plain.name();
        }

        @Override
        public int size() {
            return plain.size();
        }

        @Override
        public List<BatchPort> ports(int mostSamples) {
            return plain.ports(mostSamples);
        }

        @Override
        public TensorType type(Batch samples, String port) {
            return plain.type(samples, port);
        }

        @Override
        public void copy(Batch samples, String port, Tensor target) {
            if (!port.equals(input)) {
                plain.copy(samples, port, target);
                return;
            }
            Shape of = images.inputShape();
            for (int row = 0; row < samples.size(); row++) {
                int sample = samples.sample(row);
                AugmentedImages.this.copy(
                        sample,
                        augmentation.drawn(seed, samples.dataEpoch(), sample, of.dimension(1), of.dimension(2)),
                        target,
                        row);
            }
        }

        @Override
        public String identity() {
            return new IdentityHash("ketju-varied-1")
                    .add(plain.identity())
                    .add("" + seed)
                    .hex();
        }
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape(), batch, row);
        Shape of = images.inputShape();
        copy(sample, augmentation.centre(of.dimension(1), of.dimension(2)), batch, row);
    }

    private void copy(int sample, Augmentation.Part part, Tensor batch, int row) {
        int height = shape.dimension(1);
        int width = shape.dimension(2);
        Resampling grid = new Resampling(images.pixels(), part, height, width);
        int at = row * shape.elements();
        for (int channel = 0; channel < shape.dimension(0); channel++) {
            for (int i = 0; i < height * width; i++) {
                batch.setFloat(at++, images.value(channel, grid.at(sample, channel, i / width, i % width)));
            }
        }
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        images.copyTarget(sample, batch, row);
    }

    @Override
    public String name() {
        return images.name();
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Shape inputShape() {
        return shape;
    }

    @Override
    public int classes() {
        return images.classes();
    }

    @Override
    public List<String> classNames() {
        return images.classNames();
    }

    @Override
    public Optional<Normalization> pixelNormalization() {
        return images.pixelNormalization();
    }

    @Override
    public AugmentedImages normalized(Normalization normalization) {
        return new AugmentedImages(images.normalized(normalization), augmentation);
    }

    @Override
    public String identity() {
        return identity;
    }
}
