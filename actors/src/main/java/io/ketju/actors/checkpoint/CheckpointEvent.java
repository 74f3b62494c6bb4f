package io.ketju.actors.checkpoint;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One file of a checkpoint in a flight recording, until it is durable. */
@Name("ketju.Checkpoint")
@Label("Checkpoint")
@Category("Ketju")
@Description("A part of a checkpoint is written: the shard of a stage, or the manifest that commits all")
@StackTrace(false)
@SuppressWarnings({"unused", "NullAway.Init"}) // the recorder reads the fields
final class CheckpointEvent extends Event {
    @Label("Step")
    @Description("Optimizer steps taken when its state was")
    long step;

    @Label("Part")
    @Description("The shard of a stage, or the manifest that commits all")
    String part;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Written")
    @Description("Whether it is durable; if not, writing failed")
    boolean written;

    static CheckpointEvent begun(long step, String part) {
        CheckpointEvent event = new CheckpointEvent();
        event.step = step;
        event.part = part;
        event.begin();
        return event;
    }

    void written(long size) {
        written = true;
        bytes = size;
    }
}
