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

    @Label("What It Waited For")
    String reason;

    @Label("Next Action")
    String next;
}
