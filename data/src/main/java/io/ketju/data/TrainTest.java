package io.ketju.data;

/**
 * The two halves of a dataset: what is trained on, and what is only measured on.
 *
 * @param train is trained on
 * @param test is only measured on
 */
public record TrainTest(Dataset train, Dataset test) {
    /** Throws {@link IllegalArgumentException} if a sample of one could not stand in the other. */
    public TrainTest {
        boolean shapes = train.namesItsPorts() || train.inputShape().equals(test.inputShape());
        if (!shapes || train.classes() != test.classes()) {
            throw new IllegalArgumentException("train and test do not match: " + train.name() + " has inputs "
                    + train.inputShape() + " and " + train.classes() + " classes, " + test.name() + " has inputs "
                    + test.inputShape() + " and " + test.classes() + " classes");
        }
    }
}
