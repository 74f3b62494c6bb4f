/**
 * Who may speak on the control port of a node, and who may command its worker.
 *
 * <p>The path of one connection: Pekko asks {@link io.ketju.cluster.security.ControlTls} for an engine, which comes from the node's
 * credentials; one that somebody opened to this node is watched by {@code GuardedEngine}: a handshake that fails is logged, and lengths of
 * frames are checked before Pekko reads them. The path of one command: {@link io.ketju.cluster.security.CommandGate} stands before the worker
 * and lets stages be placed for a coordinator that is a member of the cluster in that role.
 */
@NullMarked
package io.ketju.cluster.security;

import org.jspecify.annotations.NullMarked;
