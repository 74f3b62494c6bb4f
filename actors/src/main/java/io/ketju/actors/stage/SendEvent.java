package io.ketju.actors.stage;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One tensor that leaves a stage in a flight recording; where it goes through a socket, it is on its way after this. */
@Name("ketju.Send")
@Label("Send")
@Category("Ketju")
@Description("A tensor leaves a stage")
@StackTrace(false)
@SuppressWarnings({"unused", "NullAway.Init"}) // the recorder reads the fields
final class SendEvent extends Event {
    @Label("Rank")
    int rank;

    @Label("From Stage")
    int from;

    @Label("To Stage")
    int to;

    @Label("Kind")
    @Description("What it is for its receiver: ACTIVATION, GRADIENT, ...")
    String kind;

    @Label("Window")
    long window;

    @Label("Micro-batch")
    int microbatch;

    @Label("Edge")
    @Description("Which of the tensors that cross there")
    int edge;

    @Label("Bytes")
    @Description("As the stage made it; on the wire there may be fewer")
    @DataAmount
    long bytes;
}
