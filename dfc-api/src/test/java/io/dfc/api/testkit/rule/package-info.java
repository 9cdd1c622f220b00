/** What each rule of the kit does with a backend. */
package io.dfc.api.testkit.rule;
