package io.ketju.web;

import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import java.util.Optional;

/** Hears of a run, and looks at it, without a server: so a page can be opened when all has been told. */
record Hearing(LiveRun run) implements TrainingListener, TimelineWatcher {
    @Override
    public void on(TrainingEvent event) {
        run.on(event);
    }

    @Override
    public Optional<TimelineWatcher> timeline() {
        return Optional.of(this);
    }

    @Override
    public boolean watching() {
        return true;
    }

    @Override
    public void saw(TimelineSample sample) {
        run.saw(sample);
    }
}
