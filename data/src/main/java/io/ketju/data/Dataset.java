package io.ketju.data;

import io.ketju.data.image.Normalization;
import io.ketju.data.table.TableEncoding;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Translations;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A fixed number of samples, each an input and a target. Immutable: reads are safe from any thread, and sample i is
 * the same bits each time it is read.
 */
public interface Dataset {
    /** {@return what reports call it, for instance {@code fashion-mnist-5k/train}} */
    String name();

    /** {@return the number of samples, at least one} */
    int size();

    /** {@return the shape of one input without the batch dimension: {@code [1, 28, 28]} for grey images} */
    Shape inputShape();

    /** {@return the type of inputs: int32 where they are tokens, float32 otherwise} */
    default DType inputType() {
        return DType.FLOAT32;
    }

    /** {@return the shape of one target without the batch dimension: a scalar for class indexes} */
    default Shape targetShape() {
        return Shape.of();
    }

    /** {@return the type of targets: int32 for class indexes and tokens, float32 for labels and measures} */
    default DType targetType() {
        return DType.INT32;
    }

    /** {@return the number of classes: targets are 0 to classes-1; 0 where targets are no classes} */
    int classes();

    /** {@return one name per class in the order of their indexes, or an empty list where the classes have no names} */
    default List<String> classNames() {
        return List.of();
    }

    /**
     * {@return what the outputs of a model of this data mean, in their order: the classes, the labels, the measures that are to
     * be told; or an empty list where they have no names}
     */
    default List<String> outputNames() {
        return classNames();
    }

    /** {@return how a row of a table becomes an input of this data, where its samples were rows of one} */
    default Optional<TableEncoding> tableEncoding() {
        return Optional.empty();
    }

    /** {@return how a text becomes tokens, where inputs of this data are such} */
    default Optional<TextEncoding> textEncoding() {
        return Optional.empty();
    }

    /** {@return its sentences with their translations, where samples are such} */
    default Optional<Translations> translations() {
        return Optional.empty();
    }

    /**
     * {@return how many different tokens come under a name, as inputs or as targets; 0 where no tokens do}
     *
     * @param port name of an input or a target
     */
    default int tokens(String port) {
        return 0;
    }

    /** {@return what is legal but should be known of it before it is learnt from, one line each; mostly nothing} */
    default List<String> notes() {
        return List.of();
    }

    /**
     * {@return whether it gives inputs and targets under names of its own, which a model must call them by; else it is one input
     * and one target, whatever a model calls them}
     */
    default boolean namesItsPorts() {
        return false;
    }

    /**
     * Mini-batches of it. Data of several inputs, or whose samples vary from epoch to epoch, has them made in a way of its own.
     *
     * @param input what the model calls its input, unless {@link #namesItsPorts}
     * @param target what its losses call their target
     * @param batchSize samples in a full mini-batch, at least 1
     * @param microbatches parts of a mini-batch, at least 1
     * @param order of the samples in each data epoch
     * @return the mini-batches, whose samples stay in this data set
     */
    default BatchSource batches(String input, String target, int batchSize, int microbatches, BatchOrder order) {
        return new SampleBatches(new DatasetSamples(this, input, target), batchSize, microbatches, order);
    }

    /** {@return how pixels from 0 to 255 become inputs of this data, where they are what its inputs are made of} */
    default Optional<Normalization> pixelNormalization() {
        return Optional.empty();
    }

    /**
     * {@return the same samples, whose pixels become inputs in another way; these, where inputs are no pixels}
     *
     * @param normalization for all channels alike, or for as many as the images have
     */
    default Dataset normalized(Normalization normalization) {
        return this;
    }

    /**
     * Overwrites one row of a batch with an input; allocates nothing.
     *
     * @param sample 0 to size-1
     * @param batch [rows, inputShape...], of {@link #inputType}
     * @param row 0 to rows-1
     */
    void copyInput(int sample, Tensor batch, int row);

    /**
     * Overwrites one row of a batch with a target; allocates nothing.
     *
     * @param sample 0 to size-1
     * @param batch [rows, targetShape...], of {@link #targetType}
     * @param row 0 to rows-1
     */
    void copyTarget(int sample, Tensor batch, int row);

    /**
     * {@return SHA-256, in hex, of everything that a training run can see of this dataset: shapes, values, targets, number of
     * classes} Equal data from different files or containers has equal identities.
     */
    String identity();
}
