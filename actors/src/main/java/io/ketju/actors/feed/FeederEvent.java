package io.ketju.actors.feed;

import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;

/** What happens to a feeder. */
sealed interface FeederEvent {
    /** All stages listen. */
    record ConnectAsked() implements FeederEvent {}

    /** The ways to the stages that read the batch are open. */
    record LinksOpened() implements FeederEvent {}

    /** They cannot be opened, or what was sent over them failed. */
    record Failed(RunFailure failure) implements FeederEvent {}

    /** The samples of this window may be sent, after those of the windows before. */
    record WindowGranted(GrantedWindow window) implements FeederEvent {}

    /** Buffers of one of the things that a batch gives came back. */
    record BuffersFreed(int port, int count) implements FeederEvent {}

    /** Nothing is to be sent any more. */
    record StopAsked() implements FeederEvent {}
}
