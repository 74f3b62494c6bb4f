package io.ketju.actors.stage;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One wait of a rank in a flight recording, from the end of an action until the next one has all that it takes. */
@Name("ketju.Wait")
@Label("Wait")
@Category("Ketju")
@Description("A rank has nothing to compute until something comes")
@StackTrace(false)
@SuppressWarnings({"unused", "NullAway.Init"}) // the recorder reads the fields
final class WaitEvent extends Event {
    @Label("Rank")
    int rank;

    @Label("Stage")
    @Description("Of the action that follows")
    int stage;

    @Label("What It Waited For")
    @Description("What came last: a tensor's kind, a granted window, sums, or room for what is sent")
    String reason;

    @Label("Next Action")
    String next;

    @Label("Micro-batch")
    @Description("Of the action that follows")
    int microbatch;

    @Label("Window")
    @Description("Of the action that follows")
    long window;

    @Label("Step")
    @Description("Of the action that follows")
    long step;
}
