package io.ketju.data;

import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.Normalization;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Images of classes, told by labels of which several can be true at once: every class has its own set of them.
 */
final class LabelledClasses implements Dataset {
    private final ImageDataset samples;
    private final String name;
    private final List<String> labels;
    /** By class, one letter per label: {@code 1} where it is true. */
    private final List<String> ofClass;

    private final String identity;

    LabelledClasses(ImageDataset samples, String name, List<String> labels, List<String> ofClass) {
        this.samples = samples;
        this.name = name;
        this.labels = List.copyOf(labels);
        this.ofClass = List.copyOf(ofClass);
        IdentityHash hash = new IdentityHash("ketju-labels-1").add(samples.identity());
        ofClass.forEach(hash::add);
        identity = hash.hex();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Shape inputShape() {
        return samples.inputShape();
    }

    @Override
    public Shape targetShape() {
        return Shape.of(labels.size());
    }

    @Override
    public DType targetType() {
        return DType.FLOAT32;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public List<String> outputNames() {
        return labels;
    }

    @Override
    public Optional<Normalization> pixelNormalization() {
        return samples.pixelNormalization();
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        samples.copyInput(sample, batch, row);
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        String set = ofClass.get(samples.label(sample));
        for (int i = 0; i < labels.size(); i++) {
            batch.setFloat(row * labels.size() + i, set.charAt(i) == '1' ? 1 : 0);
        }
    }

    @Override
    public String identity() {
        return identity;
    }
}
