package io.ketju.actors.stage;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One action in a flight recording, from when the rank has all that it takes until it has heard of its end. */
@Name("ketju.Action")
@Label("Action")
@Category("Ketju")
@Description("What a rank computes: a forward, a backward, an update")
@StackTrace(false)
@SuppressWarnings({"unused", "NullAway.Init"}) // the recorder reads the fields
final class ActionEvent extends Event {
    @Label("Rank")
    int rank;

    @Label("Stage")
    int stage;

    @Label("Action")
    String action;

    @Label("Kind")
    String kind;

    @Label("Micro-batch")
    int microbatch;

    @Label("Window")
    long window;

    @Label("Step")
    long step;

    @Label("Phase")
    String phase;
}
