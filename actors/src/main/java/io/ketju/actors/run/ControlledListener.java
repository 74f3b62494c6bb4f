package io.ketju.actors.run;

import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import java.util.Optional;

/** A user's listener that is given the control of its run. */
record ControlledListener(TrainingListener listener, TrainingControl control) implements TrainingListener {
    @Override
    public void on(TrainingEvent event) {
        listener.on(event, control);
    }

    @Override
    public Optional<TimelineWatcher> timeline() {
        return listener.timeline();
    }
}
