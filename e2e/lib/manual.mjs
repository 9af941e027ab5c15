// A manual, gone through in its order: each step is a test that names its requirements.

/** Runs steps one after another; what follows one that failed is not tried, since it stands on it. */
export function inOrder(test) {
  return {
    async test(name, step) {
      let failure
      await test.test(name, async () => {
        try {
          await step()
        } catch (thrown) {
          failure = thrown
          throw thrown
        }
      })
      if (failure !== undefined) throw new Error(`the manual ends at “${name}”`)
    },
  }
}
