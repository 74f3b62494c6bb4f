package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.records.text.JobHeader;
import java.util.List;

/** Hears of a run's losses, an epoch each, and shows their course in a line of text. */
public final class LossCourse implements TrainingListener {
    /** Blocks of one curve. */
    private static final int LONGEST = 30;

    private static final int SHORTEST = 4;

    private final BoundedCourse train = new BoundedCourse();
    private final BoundedCourse test = new BoundedCourse();

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.EpochFinished epoch) {
            train.add(epoch.trainLoss());
            test.add(epoch.testLoss());
        }
    }

    /** {@code   loss      train █▄▂▁  test █▅▃▃}: nothing of fewer than two epochs, or where there is no room or no blocks. */
    public List<String> lines(Terminal terminal) {
        String field = JobHeader.field("loss");
        String trained = "train ";
        String tested = "  test ";
        int room = (terminal.columns() - field.length() - trained.length() - tested.length()) / 2;
        if (!terminal.unicode() || room < SHORTEST || train.numbers().size() < 2) {
            return List.of();
        }
        int blocks = Math.min(LONGEST, room);
        String curve = trained + Sparkline.of(train.numbers(), blocks);
        boolean measured = test.numbers().stream().anyMatch(Double::isFinite);
        return List.of(field + curve + (measured ? tested + Sparkline.of(test.numbers(), blocks) : ""));
    }
}
