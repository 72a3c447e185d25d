"""Jobs in a real lab: what they make, and what becomes of them when somebody or something ends them."""

TINY = {"size": {"filters": 4, "depth": 1}, "patch": 32, "batch": 1, "precision": "float32"}


def test_practice_data_is_made_checked_trained_on_and_predicted(lab):
    made = lab.until(
        lab.start_job(type="simulate", name="fields", images=4, size=64, nuclei=4, diameter=16), "done"
    )
    place = made["out"]
    assert place == {"root": 0, "path": "data/fields"}
    checked = lab.until(lab.start_job(type="check", data=place), "done")
    assert checked["result"]["images"] == 4
    trained = lab.until(
        lab.start_job(type="train", method="unet", data=place, name="tiny", steps=6, **TINY), "done"
    )
    assert trained["result"]["steps"] == 6
    assert trained["model"] == "lab:tiny"
    images = [{"root": 0, "path": "data/fields/images"}]
    found = lab.until(lab.start_job(type="predict", images=images, model=trained["model"]), "done")
    assert (found["done"], found["total"]) == (4, 4)
