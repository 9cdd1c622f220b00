/**
 * What an engine shall do, as data: a {@link io.dfc.api.plan.Plan} declares groups of parameters,
 * phases, optimisers and steps, and hands out a typed handle of each.
 */
package io.dfc.api.plan;
