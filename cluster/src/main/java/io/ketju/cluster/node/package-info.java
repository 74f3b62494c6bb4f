/**
 * The nodes of a cluster: workers, and the one that directs a run.
 *
 * <p>The path of one run: {@code ClusterSite} opens a data plane, starts an actor system that others can reach, and
 * joins the cluster; {@code WorkerGathering} waits until enough workers are registered there and gives them to the run;
 * on their side {@link io.ketju.cluster.node.WorkerProcess} has joined with a worker of {@code ketju-actors} in it. When
 * a process ends that the caller has started, {@code LaunchedWorkers} knows its name and how it ended. Where a cluster meets at several
 * places, {@code Founding} has one of them begin it. {@link io.ketju.cluster.node.ClusterStatus} asks all nodes what they do.
 *
 * <p>The path of a driver that is lost: a {@link io.ketju.cluster.node.StandbyNode} is in the cluster too, and {@link
 * io.ketju.cluster.node.Standby} looks at the run's folder and at who is a member several times a second; {@code StandbyRules} says what
 * follows. When the run is lost, its folder is taken, workers let go of their stages, and the run begins in the node's own system,
 * with {@code ClusterSite} as its site.
 *
 * <p>The same where the folder is out of reach: the driver's {@code FollowerSearch} asks who stands by; {@code StandbyKeeper} says that its
 * folder is another one, and takes into its {@code KeptCopy} what a {@code RemoteFollower} of the driver sends; {@code CopyRules} says what
 * follows.
 *
 * <p>The path of a worker that is lost: {@code WorkerGathering} gives the run those that are left, has {@code LaunchedWorkers} start a process in the place of
 * the lost one, and tells the run of it when it has joined; {@code WorkerSearch} knows what is enough, and what is still to come.
 *
 * <p>The path of a worker that has to go: {@link io.ketju.cluster.node.WorkerProcess#leave} takes it out of what runs can find and has its actor tell the
 * run; there {@code WorkerGathering} says who is to be had in its place, which may be a process that {@code LaunchedWorkers} starts; the worker ends when
 * the run has let go of it, or when its time is over.
 */
@NullMarked
package io.ketju.cluster.node;

import org.jspecify.annotations.NullMarked;
