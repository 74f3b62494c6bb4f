package io.ketju.actors.feed;

import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;

/** What a feeder wants done, in this order. If one fails, those after it are not tried. */
sealed interface FeederEffect {
    /** Open the ways to the stages that read the batch. */
    record OpenLinks() implements FeederEffect {}

    /** Say that they are open. */
    record ReportConnected() implements FeederEffect {}

    /** Fill buffers, which are free, with what a micro-batch gives to each stage, and send them. */
    record SendMicrobatch(GrantedWindow window, int microbatch) implements FeederEffect {}

    /** Say that nothing more will be sent, and why. */
    record ReportFailed(RunFailure failure) implements FeederEffect {}

    /** Close the ways. */
    record CloseLinks() implements FeederEffect {}

    /** Say that nothing is sent any more, and end. */
    record End() implements FeederEffect {}
}
