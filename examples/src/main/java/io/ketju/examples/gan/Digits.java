package io.ketju.examples.gan;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * The real digits, from -1, white, to 1, black, and somebody who knows them: a classifier that has learnt from them alone.
 *
 * @param train to learn from
 * @param test what the classifier is tested with
 */
record Digits(Points train, Points test) {
    static final int PIXELS = 64;

    static Digits read() {
        DataSource source = DataSource.named("digits");
        Points train = Points.of(source.train());
        Points test = Points.of(source.test());
        Range range = Range.of(train);
        return new Digits(range.signed(train), range.signed(test));
    }

    /** The classifier; whoever asks closes it. */
    Fit classifier() {
        TrainingJob job = Ketju.job()
                .model(ModelText.parse(Shape.of(PIXELS), List.of("Linear(64, 256)", "ReLU()", "Linear(256, 10)")))
                .data(train.with("digits", test))
                .optimizer(new Adam(0.003))
                .epochs(100)
                .checkpointEveryEpochs(100)
                .build();
        return Fit.of(job);
    }
}
